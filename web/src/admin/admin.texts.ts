const en = {
  account: 'My account',
  usage: 'Usage',
  run: 'Run',
  users: 'Users',
  channels: 'Channels',
};
const zh = {
  account: '我的账户',
  usage: '用量',
  run: '运行',
  users: '用户',
  channels: '渠道',
} satisfies typeof en;
export const adminTexts = { en, zh };
