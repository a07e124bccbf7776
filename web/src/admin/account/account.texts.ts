const en = {
  title: 'My account',
  lead: 'Who you are here, and what your role may do.',
  facts: 'Role',
  name: 'Name',
  role: 'Role',
  permissions: 'May do',
  password: 'Password',
  current: 'Present password',
  next: 'New password',
  nextHint: '12 characters or more. All your other sessions end.',
  change: 'Change password',
  changed: 'The password was changed. Sign in with it.',
};
const zh = {
  title: '我的账户',
  lead: '当前身份，以及该角色的权限。',
  facts: '角色',
  name: '用户名',
  role: '角色',
  permissions: '权限',
  password: '密码',
  current: '当前密码',
  next: '新密码',
  nextHint: '至少 12 个字符。其他会话会全部结束。',
  change: '修改密码',
  changed: '密码已修改，请用新密码登录。',
} satisfies typeof en;
export const accountTexts = { en, zh };
