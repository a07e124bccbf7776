/** What a converted answer is written with. */
export const answerContext = {
  model: 'asked',
  requestId: 'req-1',
  createdAt: 1_700_000_000,
  promptTokens: 7,
  showsUsage: true,
  seal: (signature: string) => `cf1.t.0123456789abcdef.${signature}`,
  tools: [],
  originalName: (name: string) => name,
};
