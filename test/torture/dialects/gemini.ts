import { type Counts, frame, type SpokenDialect } from './dialect.js';

const END = '"finishReason":"STOP"';

const answer = (id: string, text: string, usage: Counts | null, ends: boolean) => ({
  candidates: [
    { index: 0, content: { role: 'model', parts: [{ text }] }, ...(ends && { finishReason: 'STOP' }) },
  ],
  responseId: id,
  ...(usage && {
    usageMetadata: {
      promptTokenCount: usage.prompt,
      candidatesTokenCount: usage.completion,
      totalTokenCount: usage.prompt + usage.completion,
    },
  }),
});

interface Asked {
  readonly contents: readonly { readonly parts: readonly { readonly text: string }[] }[];
  readonly generationConfig?: { readonly maxOutputTokens?: number };
}

export const generate: SpokenDialect = {
  channel: 'gemini',
  base: '/v1beta',
  headers: (accessKey) => ({ 'x-goog-api-key': accessKey }),
  ask: (model, streamed, text, maxOutputTokens) => ({
    path: `/v1beta/models/${model}:${streamed ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: { contents: [{ role: 'user', parts: [{ text }] }], generationConfig: { maxOutputTokens } },
  }),
  asked: ({ contents, generationConfig }: Asked) => ({
    content: contents[0]?.parts[0]?.text ?? '',
    limit: generationConfig?.maxOutputTokens,
  }),
  whole: (id, words, usage) => answer(id, words, usage, true),
  opening: () => [],
  word: (id, word) => frame(answer(id, word, null, false)),
  closing: (id, _words, usage) => [frame(answer(id, '', usage, true))],
  end: END,
};
