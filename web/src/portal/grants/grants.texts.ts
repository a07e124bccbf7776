const en = {
  title: 'Grants',
  lead: 'Used before what you paid for, first what ends first. At its end what is left of a grant is gone.',
  columns: ['Grant', 'Given', 'Left', 'Ends', 'State'],
  kinds: {
    bonus: 'Top-up bonus',
    code: 'Redemption code',
    referral: 'Referral',
    promo: 'Promotion',
    plan: 'Plan',
    compensation: 'Compensation',
  } as Readonly<Record<string, string>>,
  statuses: {
    open: 'In use',
    usedUp: 'Used up',
    closed: 'Ending',
    expired: 'Ended',
    withdrawn: 'Taken back',
  },
  never: 'never',
};
const zh = {
  title: '赠送额度',
  lead: '先于付费额度使用，先到期的先用；到期未用完的部分失效。',
  columns: ['来源', '赠送', '剩余', '有效期至', '状态'],
  kinds: {
    bonus: '充值赠送',
    code: '兑换码',
    referral: '邀请',
    promo: '活动',
    plan: '套餐',
    compensation: '补偿',
  },
  statuses: { open: '使用中', usedUp: '已用完', closed: '结束中', expired: '已到期', withdrawn: '已收回' },
  never: '长期有效',
} satisfies typeof en;
export const grantsTexts = { en, zh };
