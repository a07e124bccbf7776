const en = {
  title: 'Sign in',
  login: 'Name or e-mail',
  password: 'Password',
  forgot: 'Forgot it?',
  signIn: 'Sign in',
  noAccount: 'No account yet?',
  register: 'Register',
  again: 'Sign in again',
  ended: 'Your session has ended. What you typed is kept.',
};
const zh = {
  title: '登录',
  login: '用户名或邮箱',
  password: '密码',
  forgot: '忘记密码？',
  signIn: '登录',
  noAccount: '还没有账户？',
  register: '注册',
  again: '重新登录',
  ended: '登录已过期，已输入的内容会保留。',
} satisfies typeof en;
export const signInTexts = { en, zh };
