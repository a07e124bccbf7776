const en = {
  title: 'Sign in to Admin',
  name: 'Name',
  password: 'Password',
  signIn: 'Sign in',
  again: 'Sign in again',
  ended: 'Your session has ended. What you typed is kept.',
  toPortal: 'To the Portal',
};
const zh = {
  title: '登录管理后台',
  name: '用户名',
  password: '密码',
  signIn: '登录',
  again: '重新登录',
  ended: '登录已过期，已输入的内容会保留。',
  toPortal: '前往用户中心',
} satisfies typeof en;
export const signInTexts = { en, zh };
