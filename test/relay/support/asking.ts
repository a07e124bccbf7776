import type { ConvertibleProtocol } from '../../../src/domain/channel/conversion.js';

const turns = [{ role: 'user', content: 'hello there' }];

/** How a client of each protocol asks the same of `gpt-test`, whole or streamed. */
export const asking: Readonly<
  Record<ConvertibleProtocol, (streamed: boolean) => readonly [path: string, body: object]>
> = {
  messages: (stream) => ['/v1/messages', { model: 'gpt-test', messages: turns, max_tokens: 100, stream }],
  chat: (stream) => ['/v1/chat/completions', { model: 'gpt-test', messages: turns, stream }],
  responses: (stream) => ['/v1/responses', { model: 'gpt-test', input: 'hello there', stream }],
  generate: (streamed) => [
    `/v1beta/models/gpt-test:${streamed ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    { contents: [{ role: 'user', parts: [{ text: 'hello there' }] }] },
  ],
};
