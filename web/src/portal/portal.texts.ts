const en = {
  use: 'Use',
  models: 'Models and prices',
  account: 'Account',
  settings: 'Settings',
};
const zh = {
  use: '使用',
  models: '模型与价格',
  account: '账户',
  settings: '设置',
} satisfies typeof en;
export const portalTexts = { en, zh };
