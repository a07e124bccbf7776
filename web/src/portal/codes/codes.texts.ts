const en = {
  title: 'Redeem a code',
  code: 'Code',
  hint: '26 letters and digits; hyphens and capitals do not matter.',
  redeem: 'Redeem',
  redeemed: (usd: string) => `$${usd} is in your balance.`,
};
const zh = {
  title: '使用兑换码',
  code: '兑换码',
  hint: '26 位字母和数字，不区分大小写，可含连字符。',
  redeem: '兑换',
  redeemed: (usd: string) => `$${usd} 已计入余额。`,
} satisfies typeof en;
export const codesTexts = { en, zh };
