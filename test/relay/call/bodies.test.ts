import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import * as zlib from 'node:zlib';
import { contentCodings } from '../../../src/support/content-coding.js';
import { zstdFrame } from '../../support/zstd-frame.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { answerJson, completion, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const MODEL = 'one';
const user = { role: 'user', content: 'Hello' };
const usage = { prompt_tokens: 3, completion_tokens: 2 };
const answers = {
  openai: completion('hi', usage),
  anthropic: {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: 'hi' }],
    usage: { input_tokens: 3, output_tokens: 2 },
  },
  gemini: {
    candidates: [{ content: { role: 'model', parts: [{ text: 'hi' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 },
  },
};

/** A smallest call of each dialect. */
const DIALECTS = [
  ['openai', '/v1/chat/completions', { model: MODEL, messages: [user] }],
  ['anthropic', '/v1/messages', { model: MODEL, max_tokens: 10, messages: [user] }],
  ['gemini', `/v1beta/models/${MODEL}:generateContent`, { contents: [{ parts: [{ text: 'Hello' }] }] }],
] as const;
type DialectName = (typeof DIALECTS)[number][0];

/** What each dialect's clients read of an error: its kind, and the text. */
const errorOf: Record<DialectName, (body: never) => readonly [unknown, string]> = {
  openai: ({ error }: { error: { type: string; message: string } }) => [error.type, error.message],
  anthropic: ({ error }: { error: { type: string; message: string } }) => [error.type, error.message],
  gemini: ({ error }: { error: { status: string; message: string } }) => [error.status, error.message],
};
const INVALID = {
  openai: 'invalid_request_error',
  anthropic: 'invalid_request_error',
  gemini: 'INVALID_ARGUMENT',
};

const TOO_LARGE = {
  openai: 'invalid_request_error',
  anthropic: 'request_too_large',
  gemini: 'INVALID_ARGUMENT',
};

let upstream: TestUpstream;
let world: World;
beforeEach(async () => {
  upstream = await startTestUpstream((response, request) => {
    const dialect = request.url.includes('/messages')
      ? 'anthropic'
      : request.url.includes(':generate')
        ? 'gemini'
        : 'openai';
    const answer = answers[dialect];
    return answerJson(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer))(response, request);
  });
  const root = new URL(upstream.url).origin;
  world = await startWorld({
    prices: [price(MODEL)],
    channels: (['openai', 'anthropic', 'gemini'] as const).map((type) =>
      channel(type, root, { type, models: [MODEL] }),
    ),
    settings: { maxRequestBytes: 3_000_000, maxUploadBytes: 3_000_000 },
  });
});
afterEach(async () => {
  expect(await world.held()).toBe(0n);
  await world.close();
  await upstream.close();
});

const post = (path: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  fetch(world.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${KEY}`,
      'x-goog-api-key': KEY,
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });

const CODINGS: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['br', zlib.brotliCompressSync],
  ['zstd', zstdFrame],
];

describe.each(DIALECTS)('a body of %s', (dialect, path, body) => {
  const json = JSON.stringify(body);
  const sent = () => upstream.seen[0]?.raw.toString();

  it.each(CODINGS)('in %s is decoded before it goes on', async (coding, encode) => {
    const plain = await post(path, json);
    const response = await post(path, encode(json), { 'content-encoding': coding });
    expect([plain.status, response.status]).toEqual([200, 200]);
    expect(upstream.seen[1]?.raw.toString()).toBe(sent());
    expect(upstream.seen[1]?.headers['content-encoding']).toBeUndefined();
  });

  it.each(['compress', 'deflate', 'gzip, br', 'aes128gcm'])(
    'in %s is refused by name, with those that can be decoded',
    async (coding) => {
      const response = await post(path, json, { 'content-encoding': coding });
      expect(response.status).toBe(415);
      expect(response.headers.get('accept-encoding')).toBe(contentCodings);
      const [kind, message] = errorOf[dialect]((await response.json()) as never);
      expect(kind).toBe(INVALID[dialect]);
      expect(message).toContain(coding);
      expect(upstream.seen).toHaveLength(0);
    },
  );

  it.each<[string, Uint8Array, number]>([
    ['is not what its coding says', Buffer.from(json), 400],
    ['breaks off', zlib.gzipSync(json).subarray(0, 30), 400],
    [
      'is larger than a body may be',
      zlib.gzipSync(Buffer.from(JSON.stringify({ ...body, x: noise(3_100_000) }))),
      413,
    ],
  ])('that %s is refused and changes nothing', async (_, bytes, status) => {
    const response = await post(path, bytes, { 'content-encoding': 'gzip' });
    expect(response.status).toBe(status);
    expect(upstream.seen).toHaveLength(0);
    expect(world.settlement.charges).toHaveLength(0);
  });

  it.each(CODINGS)('that unpacks from %s to far more than was sent is too large', async (coding, encode) => {
    const grows = encode(JSON.stringify({ ...body, x: ' '.repeat(2_900_000) }));
    expect(grows.length).toBeLessThan(10_000);
    const response = await post(path, grows, { 'content-encoding': coding });
    expect(response.status).toBe(413);
    const [kind, message] = errorOf[dialect]((await response.json()) as never);
    expect(kind).toBe(TOO_LARGE[dialect]);
    expect(message).toContain(`in Content-Encoding: ${coding} unpacks to far more than was sent`);
    expect(upstream.seen).toHaveLength(0);
    expect(world.settlement.charges).toHaveLength(0);
  });

  it.each<[string, string]>([
    ['levels', `${'['.repeat(1_000_000)}`],
    ['objects and lists', `${json.slice(0, -1)},"x":[${'{},'.repeat(400_000)}0]}`],
    [
      'different names',
      `${json.slice(0, -1)},"x":{"n":1${Array.from({ length: 150_000 }, (_, at) => `,"name${at}":1`).join('')}}}`,
    ],
    ['members of its own', `${json.slice(0, -1)}${',"a":1'.repeat(150_000)}}`],
    ['values', `${json.slice(0, -1)},"x":[${'1,'.repeat(1_200_000)}0]}`],
    ['digits', `${json.slice(0, -1)},"x":${'1'.repeat(2_000)}}`],
  ])('with too many %s is refused in the dialect', async (what, hostile) => {
    const response = await post(path, hostile);
    expect(response.status).toBe(400);
    const [kind, message] = errorOf[dialect]((await response.json()) as never);
    expect(kind).toBe(INVALID[dialect]);
    expect(message).toContain(what);
    expect(upstream.seen).toHaveLength(0);
  });

  it('that is large and ordinary is read in turns and goes on byte for byte', async () => {
    const large = JSON.stringify({
      ...body,
      metadata: Array.from({ length: 900 }, (_, at) => ({ at, text: 'é"\\n'.repeat(300) })),
    });
    expect((await post(path, large)).status).toBe(200);
    expect(sent()).toBe(large);
    expect(upstream.seen[0]?.headers['content-length']).toBe(String(Buffer.byteLength(large)));
    for (const spoiled of [`${large}}`, large.slice(0, -1), large.replace('"at":7', '"at" 7'), `[${large}]`])
      expect((await post(path, spoiled)).status).toBe(400);
    expect(upstream.seen).toHaveLength(1);
  });

  it('that waits until it is asked for is asked for', async () => {
    const asking = httpRequest(world.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'x-goog-api-key': KEY,
        expect: '100-continue',
        'content-length': Buffer.byteLength(json),
      },
    });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      asking.on('error', reject);
      asking.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
    });
    await new Promise<void>((resolve) => {
      asking.on('continue', resolve);
      asking.flushHeaders();
    });
    asking.end(json);
    expect(await answered).toBe(200);
    expect(sent()).toBe(json);
  });

  it('of a client that leaves while it is decoded is let go', async () => {
    const { port } = new URL(world.url);
    const leaving = httpRequest({
      port,
      path,
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEY}`,
        'x-goog-api-key': KEY,
        'content-encoding': 'gzip',
        'content-length': 1_000,
      },
    });
    leaving.on('error', () => undefined);
    leaving.write(zlib.gzipSync(json).subarray(0, 20), () => leaving.destroy());
    await new Promise((resolve) => leaving.on('close', resolve));
    await world.relay.drain(10_000);
    expect(world.relay.inFlight).toBe(0);
    expect(world.observed.faults).toEqual([]);
  });
});

it('a form in gzip is decoded before its parts are found', async () => {
  const boundary = 'edge';
  const form = `--${boundary}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${MODEL}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\nsound\r\n--${boundary}--\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  upstream.behave(
    answerJson(JSON.stringify({ text: 'hi', usage: { type: 'tokens', input_tokens: 3, output_tokens: 2 } })),
  );
  const response = await post('/v1/audio/transcriptions', zlib.gzipSync(form), {
    ...headers,
    'content-encoding': 'gzip',
  });
  expect(response.status).toBe(200);
  expect(upstream.seen[0]?.raw.toString()).toBe(form);
  const refused = await post('/v1/audio/transcriptions', form, {
    ...headers,
    'content-encoding': 'compress',
  });
  expect(refused.status).toBe(415);
  expect(
    (await post('/v1/audio/transcriptions', form, { ...headers, 'content-encoding': 'gzip' })).status,
  ).toBe(400);
  const grows = zlib.gzipSync(form.replace('sound', ' '.repeat(2_900_000)));
  const large = await post('/v1/audio/transcriptions', grows, { ...headers, 'content-encoding': 'gzip' });
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ error: { code: 'request_too_large' } });
});

/** Text that does not shrink much. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(0x30 + (state % 64));
  })
    .join('')
    .replaceAll('\\', '0');
}
