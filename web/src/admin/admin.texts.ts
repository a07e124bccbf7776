const en = {
  account: 'My account',
  usage: 'Usage',
  run: 'Run',
  money: 'Money',
  users: 'Users',
  channels: 'Channels',
  prices: 'Prices',
};
const zh = {
  account: '我的账户',
  usage: '用量',
  run: '运行',
  money: '资金',
  users: '用户',
  channels: '渠道',
  prices: '价格',
} satisfies typeof en;
export const adminTexts = { en, zh };
