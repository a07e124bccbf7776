const en = {
  title: 'Sign in',
  login: 'Name or e-mail',
  forgot: 'Forgot it?',
  passkey: 'Sign in with a passkey',
  services: 'Other ways to sign in',
  with: (label: string) => `Go on with ${label}`,
  noAccount: 'No account yet?',
  register: 'Register',
};
const zh = {
  title: '登录',
  login: '用户名或邮箱',
  forgot: '忘记密码？',
  passkey: '使用通行密钥登录',
  services: '其他登录方式',
  with: (label: string) => `使用 ${label} 继续`,
  noAccount: '还没有账户？',
  register: '注册',
} satisfies typeof en;
export const signInTexts = { en, zh };
