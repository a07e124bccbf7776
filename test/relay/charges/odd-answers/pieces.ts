import type { Price } from '../../../../src/domain/pricing/price.js';

/** What a client asks, what upstream answers to it, byte for byte, and what must be charged: 1 quota is one plain token. */
export interface OddAnswer {
  readonly what: string;
  readonly asked: Asked;
  readonly more?: object;
  readonly price?: Partial<Price>;
  /** What each channel in turn answers. */
  readonly answers: readonly Answer[];
  readonly quota: number | readonly [least: number, most: number];
  readonly status?: number;
  readonly basis?: 'reported' | 'counted' | 'estimate';
  readonly isDoubtful?: true;
  readonly shows?: string;
  readonly hides?: string;
}

export type Asked = keyof typeof asked;

export interface Answer {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: readonly (Buffer | string)[];
  readonly cut?: true;
}

export const prompt = 'Say hello to the world, please.';
export const said = [{ role: 'user', content: prompt }];
const contents = [{ role: 'user', parts: [{ text: prompt }] }];
export const asked = {
  chat: {
    type: 'openai',
    path: '/v1/chat/completions',
    body: { model: 'm', messages: said, max_tokens: 1_000 },
  },
  completions: { type: 'openai', path: '/v1/completions', body: { model: 'm', prompt, max_tokens: 1_000 } },
  responses: {
    type: 'openai',
    path: '/v1/responses',
    body: { model: 'm', input: prompt, max_output_tokens: 1_000 },
  },
  messages: {
    type: 'anthropic',
    path: '/v1/messages',
    body: { model: 'm', messages: said, max_tokens: 1_000 },
  },
  generate: { type: 'gemini', path: '/v1beta/models/m:generateContent', body: { contents } },
  generated: { type: 'gemini', path: '/v1beta/models/m:streamGenerateContent?alt=sse', body: { contents } },
  listed: { type: 'gemini', path: '/v1beta/models/m:streamGenerateContent', body: { contents } },
  embeddings: {
    type: 'openai',
    path: '/v1/embeddings',
    body: { model: 'm', input: ['one two three', 'four'] },
  },
  rerank: {
    type: 'openai',
    path: '/v1/rerank',
    body: { model: 'm', query: 'one two', documents: ['three', 'four'] },
  },
} as const;

export const STREAM = { stream: true };
export const json = (value: unknown): Answer => ({
  type: 'application/json',
  pieces: [JSON.stringify(value)],
});
export const events = (values: readonly unknown[], end = 'data: [DONE]\n\n'): Answer => ({
  type: 'text/event-stream',
  pieces: [values.map(frame).join('') + end],
});
interface Typed {
  readonly type: string;
  readonly [member: string]: unknown;
}
export const typed = (values: readonly Typed[]): Answer => ({
  type: 'text/event-stream',
  pieces: [values.map((value) => `event: ${value.type}\n${frame(value)}`).join('')],
});
const frame = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
/** Every byte in a packet of its own, or in pieces of `size`. */
export const apart = ({ type, headers, pieces }: Answer, size = 1): Answer => {
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  const count = Math.ceil(bytes.length / size);
  return {
    type,
    ...(headers && { headers }),
    pieces: Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size)),
  };
};
export const labelled = (answer: Answer, type: string): Answer => ({ ...answer, type });
export const rewritten = (answer: Answer, change: (text: string) => string | Buffer): Answer => ({
  ...answer,
  pieces: [change(answer.pieces.map(String).join(''))],
});

export const text = (content: string, finish: string | null = null, more: object = {}) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  ...more,
});
export const role = { id: 'c', choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] };
export const used = (usage: object) => ({ id: 'c', choices: [], usage });
export const counts = (prompt_tokens: number, completion_tokens: number, more: object = {}) => ({
  prompt_tokens,
  completion_tokens,
  ...more,
});
export const whole = (usage: unknown, more: object = {}) =>
  json({
    id: 'c',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'All is well.' }, finish_reason: 'stop' }],
    usage,
    ...more,
  });
export const good = whole(counts(10, 5));
export const chunks = [text('All '), text('is 好 😀.'), text('', 'stop'), used(counts(10, 5))];

export const delta = (part: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: part },
});
export const start = (usage: object) => ({
  type: 'message_start',
  message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage },
});
export const opened = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
export const closing = (usage: object) => [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
  { type: 'message_stop' },
];
export const message = (usage: unknown, more: object = {}) =>
  json({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: 'All is well.' }],
    stop_reason: 'end_turn',
    usage,
    ...more,
  });

export const item = { type: 'message', content: [{ type: 'output_text', text: 'All is well.' }] };
export const tokens = (input_tokens: number, output_tokens: number, more: object = {}) => ({
  input_tokens,
  output_tokens,
  ...more,
});
export const response = (usage: unknown, output: readonly object[] = [item], more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  output,
  usage,
  ...more,
});
export const created = {
  type: 'response.created',
  response: { id: 'resp_1', status: 'in_progress', output: [] },
};
export const completed = (usage: unknown, output: readonly object[] = []) => ({
  type: 'response.completed',
  response: response(usage, output),
});
export const written = { type: 'response.output_text.delta', output_index: 0, delta: 'All is well.' };

export const candidate = (part: string, more: object = {}) => ({
  index: 0,
  content: { role: 'model', parts: [{ text: part }] },
  ...more,
});
export const google = (promptTokenCount: number, candidatesTokenCount: number, more: object = {}) => ({
  promptTokenCount,
  candidatesTokenCount,
  ...more,
});
export const generated = (usageMetadata: unknown, more: object = {}) => ({
  candidates: [candidate('All is well.', { finishReason: 'STOP', ...more })],
  usageMetadata,
});
export const overloaded = { error: { message: 'Overloaded', type: 'overloaded_error', code: 529 } };
export const SEARCH = { per_search_usd: '0.01' };
