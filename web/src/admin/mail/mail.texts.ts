const en = {
  title: 'Mail',
  lead: 'What was mailed, what waits, and what the server said of it.',
  columns: ['Written', 'State', 'To', 'Subject', 'Attempts', 'Answer of the server'],
  states: { waiting: 'Waiting', sent: 'Sent', failed: 'Given up', kept: 'Kept here' },
  none: 'No mail was written in the last 30 days. Send a test to see whether mails arrive.',
  kept: (zone: string) => `Kept for 30 days; tried for one. ${zone}`,
  next: (time: string) => `again ${time}`,
  test: 'Send a test mail',
  testEffect:
    'It goes through the queue as every mail does; the list shows what the server says. Without SMTP_URL it stays here.',
  to: 'E-mail address',
  send: 'Send test',
  queued: 'The test mail is queued.',
};
const zh = {
  title: '邮件',
  lead: '已发送、等待中的邮件，以及服务器的答复。',
  columns: ['写入时间', '状态', '收件人', '主题', '尝试次数', '服务器答复'],
  states: { waiting: '等待中', sent: '已发送', failed: '已放弃', kept: '保留于此' },
  none: '最近 30 天没有邮件。可发送测试邮件确认能否送达。',
  kept: (zone: string) => `保留 30 天，重试一天。${zone}`,
  next: (time: string) => `${time} 重试`,
  test: '发送测试邮件',
  testEffect: '与其他邮件一样排队发送，列表显示服务器的答复。未设置 SMTP_URL 时保留于此。',
  to: '邮箱地址',
  send: '发送测试',
  queued: '测试邮件已加入队列。',
} satisfies typeof en;
export const mailTexts = { en, zh };
