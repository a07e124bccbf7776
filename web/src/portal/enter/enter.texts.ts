const en = {
  title: 'One moment',
  lead: 'You are being signed in.',
  noLink: 'This address is not complete. Go back to where you came from, and come again.',
  failed: 'You could not be signed in',
  failedAdvice:
    'Such a link works once, and only for minutes. Go back to where you came from, and come again.',
  another: (name: string) =>
    `You are signed in as ${name}. Somebody sends you here, perhaps as somebody else.`,
  anotherTitle: 'Go on as another user?',
  goOn: 'Go on',
  stay: 'Stay as I am',
  signIn: 'Sign in instead',
};
const zh = {
  title: '请稍候',
  lead: '正在登录。',
  noLink: '链接不完整。请返回原系统，重新进入。',
  failed: '未能登录',
  failedAdvice: '这样的链接只能使用一次，且几分钟内有效。请返回原系统，重新进入。',
  another: (name: string) => `您当前以 ${name} 的身份登录。此链接可能会让您以另一个用户的身份进入。`,
  anotherTitle: '以另一个用户的身份继续？',
  goOn: '继续',
  stay: '保持当前登录',
  signIn: '改用登录页',
} satisfies typeof en;
export const enterTexts = { en, zh };
