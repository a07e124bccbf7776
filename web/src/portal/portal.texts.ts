const en = {
  use: 'Use',
  models: 'Models and prices',
  account: 'Account',
  settings: 'Settings',
  signIn: 'Sign in',
};
const zh = {
  use: '使用',
  models: '模型与价格',
  account: '账户',
  settings: '设置',
  signIn: '登录',
} satisfies typeof en;
export const portalTexts = { en, zh };
