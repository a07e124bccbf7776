const en = {
  title: 'Sign in',
  login: 'Name or e-mail',
  forgot: 'Forgot it?',
  passkey: 'Sign in with a passkey',
  noAccount: 'No account yet?',
  register: 'Register',
};
const zh = {
  title: '登录',
  login: '用户名或邮箱',
  forgot: '忘记密码？',
  passkey: '使用通行密钥登录',
  noAccount: '还没有账户？',
  register: '注册',
} satisfies typeof en;
export const signInTexts = { en, zh };
