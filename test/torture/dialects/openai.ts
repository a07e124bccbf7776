import { bearer, type Counts, frame, type SpokenDialect } from './dialect.js';

const counts = (usage: Counts | null) =>
  usage && {
    usage: {
      prompt_tokens: usage.prompt,
      completion_tokens: usage.completion,
      total_tokens: usage.prompt + usage.completion,
    },
  };

const common = { channel: 'openai', base: '/v1', headers: bearer } as const;
const done = { end: 'data: [DONE]' } as const;

export const chat: SpokenDialect = {
  ...common,
  ...done,
  ask: (model, stream, content, max_tokens) => ({
    path: '/v1/chat/completions',
    body: { model, stream, max_tokens, messages: [{ role: 'user', content }] },
  }),
  asked: (body: { max_tokens?: number; messages: { content: string }[] }) => ({
    content: body.messages[0]?.content ?? '',
    limit: body.max_tokens,
  }),
  whole: (id, content, usage) => ({
    id,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    ...counts(usage),
  }),
  opening: () => [],
  word: (id, content) => chunk(id, { choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  closing: (id, _words, usage) => [
    chunk(id, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    ...(usage ? [chunk(id, { choices: [], ...counts(usage) })] : []),
    frame('[DONE]'),
  ],
};

const chunk = (id: string, data: object) => frame({ id, object: 'chat.completion.chunk', ...data });

export const completions: SpokenDialect = {
  ...common,
  ...done,
  ask: (model, stream, prompt, max_tokens) => ({
    path: '/v1/completions',
    body: { model, stream, max_tokens, prompt },
  }),
  asked: ({ prompt, max_tokens }: { prompt: string; max_tokens?: number }) => ({
    content: prompt,
    limit: max_tokens,
  }),
  whole: (id, text, usage) => ({
    id,
    object: 'text_completion',
    choices: [{ index: 0, text, finish_reason: 'stop' }],
    ...counts(usage),
  }),
  opening: () => [],
  word: (id, text) => textChunk(id, { choices: [{ index: 0, text, finish_reason: null }] }),
  closing: (id, _words, usage) => [
    textChunk(id, { choices: [{ index: 0, text: '', finish_reason: 'stop' }] }),
    ...(usage ? [textChunk(id, { choices: [], ...counts(usage) })] : []),
    frame('[DONE]'),
  ],
};

const textChunk = (id: string, data: object) => frame({ id, object: 'text_completion', ...data });

export const responses: SpokenDialect = {
  ...common,
  end: 'event: response.completed',
  ask: (model, stream, input, max_output_tokens) => ({
    path: '/v1/responses',
    body: { model, stream, max_output_tokens, input },
  }),
  asked: ({ input, max_output_tokens }: { input: string; max_output_tokens?: number }) => ({
    content: input,
    limit: max_output_tokens,
  }),
  whole: responseOf,
  opening: (id) => [
    event('response.created', { response: { id, object: 'response', status: 'in_progress' } }),
  ],
  word: (_id, delta) => event('response.output_text.delta', { output_index: 0, content_index: 0, delta }),
  closing: (id, words, usage) => [event('response.completed', { response: responseOf(id, words, usage) })],
};

function responseOf(id: string, text: string, usage: Counts | null): object {
  const content = [{ type: 'output_text', text, annotations: [] }];
  return {
    id,
    object: 'response',
    status: 'completed',
    output: [{ type: 'message', role: 'assistant', status: 'completed', content }],
    ...(usage && {
      usage: {
        input_tokens: usage.prompt,
        output_tokens: usage.completion,
        total_tokens: usage.prompt + usage.completion,
      },
    }),
  };
}

function event(type: string, data: object): string {
  return frame({ type, ...data }, type);
}

export const embeddings: SpokenDialect = {
  ...common,
  ...done,
  ask: (model, _streamed, input) => ({ path: '/v1/embeddings', body: { model, input } }),
  asked: ({ input }: { input: string }) => ({ content: input, limit: undefined }),
  whole: (_id, _words, usage) => ({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding: [0.5] }],
    ...(usage && { usage: { prompt_tokens: usage.prompt, total_tokens: usage.prompt } }),
  }),
  opening: () => [],
  word: () => '',
  closing: () => [],
};
