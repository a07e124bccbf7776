const en = {
  title: 'Referrals',
  lead: 'Who was invited by whom, and what the orders of whoever was invited brought. What was given is a grant.',
  columns: ['User', 'Invited by', 'Since', 'Orders', 'To come', 'Given', 'Taken back', 'Said by'],
  filters: { external_user_id: 'User' },
  none: 'Nobody was invited yet.',
  noneFound: 'Nothing is like that.',
  shown: (rows: string, zone: string) => `Referrals: ${rows} · ${zone}`,
  shownCapped: (rows: string, zone: string) => `Referrals: more than ${rows} · ${zone}`,
};
const zh = {
  title: '邀请',
  lead: '谁邀请了谁，以及被邀请用户的订单带来的奖励；已发放的奖励是一笔赠送。',
  columns: ['用户', '邀请人', '时间', '订单', '待发放', '已发放', '已收回', '登记'],
  filters: { external_user_id: '用户' },
  none: '还没有被邀请的用户。',
  noneFound: '没有符合条件的记录。',
  shown: (rows: string, zone: string) => `邀请：${rows} · ${zone}`,
  shownCapped: (rows: string, zone: string) => `邀请：超过 ${rows} · ${zone}`,
} satisfies typeof en;
export const referralsTexts = { en, zh };
