const en = {
  title: 'Your password, please',
  lead: 'This asks for a password of the last ten minutes.',
  password: 'Password',
  cancel: 'Cancel',
  goOn: 'Go on',
};
const zh = {
  title: '请确认密码',
  lead: '此操作需要在最近十分钟内输入过密码。',
  password: '密码',
  cancel: '取消',
  goOn: '继续',
} satisfies typeof en;
export const proofTexts = { en, zh };
