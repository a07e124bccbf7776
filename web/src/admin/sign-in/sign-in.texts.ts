const en = {
  title: 'Sign in to Admin',
  name: 'Name',
  toPortal: 'To the Portal',
};
const zh = {
  title: '登录管理后台',
  name: '用户名',
  toPortal: '前往用户中心',
} satisfies typeof en;
export const signInTexts = { en, zh };
