const en = {
  use: 'Use',
  models: 'Models and prices',
};
const zh = {
  use: '使用',
  models: '模型与价格',
} satisfies typeof en;
export const portalTexts = { en, zh };
