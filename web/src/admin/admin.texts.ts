const en = {
  account: 'My account',
  usage: 'Usage',
  run: 'Run',
  money: 'Money',
  users: 'Users',
  channels: 'Channels',
  prices: 'Prices',
  payments: 'Payments',
  logs: 'Logs',
};
const zh = {
  account: '我的账户',
  usage: '用量',
  run: '运行',
  money: '资金',
  users: '用户',
  channels: '渠道',
  prices: '价格',
  payments: '支付',
  logs: '日志',
} satisfies typeof en;
export const adminTexts = { en, zh };
