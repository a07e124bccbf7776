const en = {
  preset: 'Provider',
  none: 'Another one: I fill in its address',
  hint: 'Of a provider that is known, addresses and protocols are filled in; every one can be changed.',
  readOn: (day: string) => `Addresses as its pages had them on ${day}.`,
  notRead: 'Its pages were not looked at: compare the addresses first.',
  source: 'Its page',
  callsGoTo: 'Calls would go to',
};
const zh = {
  preset: '服务商',
  none: '其他：自行填写地址',
  hint: '选择已知的服务商会填入地址和协议，均可修改。',
  readOn: (day: string) => `地址取自其 ${day} 的文档页面。`,
  notRead: '未核对其文档页面：请先比对地址。',
  source: '文档页面',
  callsGoTo: '调用将发往',
} satisfies typeof en;
export const presetTexts = { en, zh };
