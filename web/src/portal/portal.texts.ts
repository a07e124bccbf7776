const en = {
  home: 'Home',
  use: 'Use',
  keys: 'Keys',
  connect: 'Connect',
  playground: 'Playground',
  usage: 'Usage',
  logs: 'Logs',
  models: 'Models and prices',
  account: 'Account',
  settings: 'Settings',
  backTo: (host: string) => `Back to ${host}`,
};
const zh = {
  home: '首页',
  use: '使用',
  keys: '密钥',
  connect: '接入',
  playground: '试用',
  usage: '用量',
  logs: '日志',
  models: '模型与价格',
  account: '账户',
  settings: '设置',
  backTo: (host: string) => `返回 ${host}`,
} satisfies typeof en;
export const portalTexts = { en, zh };
