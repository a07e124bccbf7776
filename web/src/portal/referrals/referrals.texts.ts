const en = {
  title: 'Invite others',
  lead: (percent: string, days: string) =>
    `${percent} of what is credited for each order of people whom you invited is yours, ${days} days after. What they pay does not change.`,
  leadNothing: 'Invitations bring nothing at the moment.',
  code: 'Your code',
  codeHint: 'Who registers with it is invited by you. It cannot be said twice.',
  none: 'You have no code yet.',
  make: 'Get a code',
  invited: (people: string) => `Invited: ${people}`,
  sum: 'In all',
  columns: ['Since', 'Orders', 'To come', 'Given', 'Taken back'],
  nobody: 'You have invited nobody yet.',
  nobodyWhy: 'Of those who come you will see here when, and what their orders brought; nothing else.',
};
const zh = {
  title: '邀请好友',
  lead: (percent: string, days: string) =>
    `您邀请的用户每笔订单入账后 ${days} 天，您获得入账金额的 ${percent}。对方支付的金额不变。`,
  leadNothing: '目前邀请没有奖励。',
  code: '我的邀请码',
  codeHint: '使用此邀请码注册的用户即由您邀请，不可更改。',
  none: '您还没有邀请码。',
  make: '获取邀请码',
  invited: (people: string) => `已邀请：${people}`,
  sum: '合计',
  columns: ['时间', '订单', '待发放', '已发放', '已收回'],
  nobody: '您还没有邀请任何人。',
  nobodyWhy: '这里只显示对方何时加入以及其订单带来的奖励。',
} satisfies typeof en;
export const referralsTexts = { en, zh };
