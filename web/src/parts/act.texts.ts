const en = {
  cancel: 'Cancel',
  reason: 'Reason',
  reasonHint: 'Is kept in the log, with your name.',
  typed: (name: string) => `Type ${name} to confirm`,
  next: 'Next page',
  first: 'First page',
  filter: 'Filter',
  clear: 'Clear filters',
};
const zh = {
  cancel: '取消',
  reason: '原因',
  reasonHint: '会与用户名一起写入日志。',
  typed: (name: string) => `输入 ${name} 以确认`,
  next: '下一页',
  first: '第一页',
  filter: '筛选',
  clear: '清除筛选',
} satisfies typeof en;
export const actTexts = { en, zh };
