import type { DialectName } from '../../dialects/dialect-name.js';
import type { UpstreamRequest } from '../../dialects/upstream-request.js';

const text = 'ping';

const requests: Readonly<
  Record<DialectName, (model: string) => Pick<UpstreamRequest, 'path'> & { json: object }>
> = {
  openai: (model) => ({
    path: '/chat/completions',
    json: { model, messages: [{ role: 'user', content: text }], max_tokens: 1 },
  }),
  anthropic: (model) => ({
    path: '/messages',
    json: { model, messages: [{ role: 'user', content: text }], max_tokens: 1 },
  }),
  gemini: (model) => ({
    path: `/models/${encodeURIComponent(model)}:generateContent`,
    json: {
      contents: [{ role: 'user', parts: [{ text }] }],
      generationConfig: { maxOutputTokens: 1 },
    },
  }),
};

/** The smallest call a model can be asked in a dialect. Whether it answers is the question, not what. */
export function checkRequest(dialect: DialectName, model: string): UpstreamRequest {
  const { path, json } = requests[dialect](model);
  const headers = dialect === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : undefined;
  return { path, query: '', model, headers, body: Buffer.from(JSON.stringify(json)) };
}
