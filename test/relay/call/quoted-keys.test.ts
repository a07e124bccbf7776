import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { anthropicError, event, messageStart, textDelta } from '../support/anthropic-shapes.js';
import { asSse, piece } from '../support/gemini-shapes.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import {
  answerJson,
  delta,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
} from '../support/test-upstream.js';

const secretOf = (dialect: string) => `upstream-key-${dialect}`;
const messages = [{ role: 'user', content: 'hello' }];

/** How each dialect asks for a stream, its first words, and an error after them that says so. */
const dialects = {
  openai: {
    path: '/v1/chat/completions',
    body: { model: 'openai', stream: true, messages },
    begun: [delta('Hello')],
    error: (message: string) => frame({ error: { message, type: 'server_error', code: 'oops' } }),
  },
  anthropic: {
    path: '/v1/messages',
    body: { model: 'anthropic', stream: true, max_tokens: 10, messages },
    begun: [messageStart({ input_tokens: 5, output_tokens: 1 }), textDelta('Hello')],
    error: (message: string) => event('error', anthropicError('api_error', message)),
  },
  gemini: {
    path: '/v1beta/models/gemini:streamGenerateContent?alt=sse',
    body: { contents: [{ parts: [{ text: 'hello' }] }] },
    begun: [asSse([piece('Hello')])],
    error: (message: string) => asSse([{ error: { code: 500, message, status: 'INTERNAL' } }]),
  },
} as const;
type Dialect = keyof typeof dialects;
const names = Object.keys(dialects) as Dialect[];

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream(stream([]));
  world = await startWorld({
    channels: names.map((name) => channel(name, upstream.url, { type: name, models: [name] })),
    prices: names.map((name) => price(name)),
  });
});
afterEach(async () => {
  expect(await world.held()).toBe(0n);
  await world.close();
  await upstream.close();
});

async function ask(name: Dialect, message: string): Promise<string> {
  const { path, body, begun, error } = dialects[name];
  upstream.behave(stream([...begun, error(message)]));
  const response = await fetch(world.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.text();
}

const escapes = (text: string) =>
  [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** What a client could read the key out of again. */
const encodings: Record<string, (secret: string) => string> = {
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 of something longer': (secret) => Buffer.from(`Bearer ${secret}, sent`).toString('base64url'),
  'an address': (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
  'JSON escapes': escapes,
  hex: (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
};

it.each(Object.entries(encodings))(
  'an error that quotes the channel’s key as %s is ours instead',
  async (_, encode) => {
    const quoted = encode(secretOf('openai'));
    // Escapes are put into the answer's text as they are.
    upstream.behave(answerJson(`{"error":{"message":"no good: ${quoted}","type":"t"}}`, 422));
    const { path, body } = dialects.openai;
    const ask = () =>
      fetch(world.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}` },
        body: JSON.stringify({ ...body, stream: false }),
      });
    const answer = await (await ask()).text();
    expect(answer).not.toContain('no good');
    expect(answer).toMatch(/"error"/);
    upstream.behave(answerJson('{"error":{"message":"no good: 17","type":"t"}}', 422));
    expect(await (await ask()).text()).toContain('no good: 17');
  },
);

it('a Retry-After that is none does not reach a client', async () => {
  const { path, body } = dialects.openai;
  const ask = () =>
    fetch(world.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ ...body, stream: false }),
    });
  const retryAfter = async (text: string) => {
    upstream.behave(answerJson('{"error":{"message":"no","type":"t"}}', 422, { 'retry-after': text }));
    return (await ask()).headers.get('retry-after');
  };
  expect(await retryAfter(secretOf('openai'))).toBeNull();
  expect(await retryAfter('7')).toBe('7');
  expect(await retryAfter('Sat, 28 Nov 2026 11:00:00 GMT')).toBe('Sat, 28 Nov 2026 11:00:00 GMT');
});

it.each(names)('an error within a stream of %s is passed on', async (name) => {
  const answer = await ask(name, 'the model is tired');
  expect(answer).toContain('Hello');
  expect(answer).toContain('the model is tired');
});

it.each(names)(
  'an error within a stream of %s that quotes the channel’s key is ours instead',
  async (name) => {
    const answer = await ask(name, `the key ${secretOf(name)} is tired`);
    expect(answer).toContain('Hello');
    expect(answer).not.toContain(secretOf(name));
    expect(answer).not.toContain('tired');
    expect(answer).toMatch(/"error"/);
    expect(world.settlement.charges).toMatchObject([{ ended: 'upstream-cut' }]);
  },
);
