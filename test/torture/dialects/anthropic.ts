import { type Counts, frame, type SpokenDialect } from './dialect.js';

const usageOf = (usage: Counts) => ({ input_tokens: usage.prompt, output_tokens: usage.completion });

const message = (id: string) => ({ id, type: 'message', role: 'assistant', model: 'scripted' });

export const messages: SpokenDialect = {
  channel: 'anthropic',
  base: '',
  headers: (accessKey) => ({ 'x-api-key': accessKey, 'anthropic-version': '2023-06-01' }),
  ask: (model, stream, content, max_tokens) => ({
    path: '/v1/messages',
    body: { model, stream, max_tokens, messages: [{ role: 'user', content }] },
  }),
  asked: (body: { max_tokens?: number; messages: { content: string }[] }) => ({
    content: body.messages[0]?.content ?? '',
    limit: body.max_tokens,
  }),
  whole: (id, text, usage) => ({
    ...message(id),
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    ...(usage && { usage: usageOf(usage) }),
  }),
  opening: (id) => [
    event('message_start', { message: { ...message(id), content: [], stop_reason: null } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  ],
  word: (_id, text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
  closing: (_id, _words, usage) => [
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: 'end_turn' },
      ...(usage && { usage: usageOf(usage) }),
    }),
    event('message_stop', {}),
  ],
  end: 'event: message_stop',
};

function event(type: string, data: object): string {
  return frame({ type, ...data }, type);
}
