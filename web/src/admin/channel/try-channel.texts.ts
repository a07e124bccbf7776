const en = {
  fetch: 'Fetch models',
  test: 'Test before saving',
  lead: 'With the address and the key above. Nothing is kept; the provider charges you for a test.',
  tested: (model: string, time: string) => `${model}, ${time} ms`,
  found: (models: string, more: boolean) => `Models: ${models}${more ? ', and more' : ''}`,
};
const zh = {
  fetch: '获取模型',
  test: '保存前测试',
  lead: '使用上方的地址和密钥。不保存任何内容，测试由上游计费。',
  tested: (model: string, time: string) => `${model}，${time} ms`,
  found: (models: string, more: boolean) => `${models} 个模型${more ? '，还有更多' : ''}`,
} satisfies typeof en;
export const tryTexts = { en, zh };
