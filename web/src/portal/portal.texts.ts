const en = {
  use: 'Use',
  keys: 'Keys',
  connect: 'Connect',
  playground: 'Playground',
  models: 'Models and prices',
  account: 'Account',
  settings: 'Settings',
  backTo: (host: string) => `Back to ${host}`,
};
const zh = {
  use: '使用',
  keys: '密钥',
  connect: '接入',
  playground: '试用',
  models: '模型与价格',
  account: '账户',
  settings: '设置',
  backTo: (host: string) => `返回 ${host}`,
} satisfies typeof en;
export const portalTexts = { en, zh };
