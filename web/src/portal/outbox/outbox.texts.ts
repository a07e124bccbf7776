const en = {
  title: 'Outbox',
  lead: 'A demo sends no mail. What it would send is kept here, for whoever runs it.',
  none: 'No mail yet',
  noneLead: 'Register, or ask for another password: the mail shows up here.',
  register: 'Register',
  notHere: 'Only a demo shows its mails here. Operators find theirs in Admin.',
};
const zh = {
  title: '发件箱',
  lead: '演示环境不发送邮件，本应发出的邮件保存在这里，供运行者查看。',
  none: '暂无邮件',
  noneLead: '注册或找回密码后，邮件会出现在这里。',
  register: '注册',
  notHere: '只有演示环境在此显示邮件。操作员请在 Admin 中查看。',
} satisfies typeof en;
export const outboxTexts = { en, zh };
