const en = {
  title: 'Charges in doubt',
  columns: ['Recorded', 'User', 'Model', 'Reported, and why it is not believed', 'Charged', 'Acts'],
  none: 'No charge is in doubt.',
  settle: 'Settle',
  settleOf: (call: string) => `Settle ${call}`,
  effect:
    'Once for each call. Where it should have been charged otherwise, the balance is corrected by the difference.',
  quota: 'Should have been charged, in quota',
  quotaHint: (quota: string) => `As it is, the charge of ${quota} stands.`,
  settled: 'The charge is settled.',
};
const zh = {
  title: '存疑扣费',
  columns: ['记录时间', '用户', '模型', '上游报告及其疑点', '已扣费', '操作'],
  none: '没有存疑的扣费。',
  settle: '核定',
  settleOf: (call: string) => `核定 ${call}`,
  effect: '每次调用只核定一次。若应扣额度不同，余额按差额更正。',
  quota: '应扣额度',
  quotaHint: (quota: string) => `不改即维持扣费 ${quota}。`,
  settled: '已核定。',
} satisfies typeof en;
export const doubtsTexts = { en, zh };
