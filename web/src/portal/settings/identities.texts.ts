const en = {
  title: 'Other sign-ins',
  lead: 'Sign in with an account that you have elsewhere. To link or unlink one, give your password.',
  noPassword: 'You have none? Set one by mail.',
  service: 'Service',
  password: 'Present password',
  link: (label: string) => `Link ${label}`,
  unlink: 'Unlink',
  unlinked: 'It was unlinked, and signs in no more.',
};
const zh = {
  title: '其他登录方式',
  lead: '使用其他网站的账号登录。关联或取消关联需要输入密码。',
  noPassword: '没有密码？通过邮件设置。',
  service: '服务',
  password: '当前密码',
  link: (label: string) => `关联 ${label}`,
  unlink: '取消关联',
  unlinked: '已取消关联，不能再用它登录。',
} satisfies typeof en;
export const identityTexts = { en, zh };
