import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { upstreamTypes } from '../../../../src/relay/upstreams/all.js';
import { createBedrockType } from '../../../../src/relay/upstreams/bedrock/type.js';
import { message } from '../../support/anthropic-shapes.js';
import { chunkFrame, eventFrame, exceptionFrame } from '../../support/event-stream.js';
import { channel, chat, HELLO, KEY, startWorld, type World } from '../../support/relay-world.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../../support/test-upstream.js';

const SECRET = 'test-secret-of-aws';
const MODEL = 'us.anthropic.claude-test-v1:0';
const ASKED = {
  model: 'gpt-test',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'hello' }],
};
const USAGE = { input_tokens: 8, cache_read_input_tokens: 4, output_tokens: 5 };
const EVENTS = [
  { type: 'message_start', message: message([], undefined, { usage: { ...USAGE, output_tokens: 1 } }) },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'grüß Gott' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
  {
    type: 'message_stop',
    'amazon-bedrock-invocationMetrics': { inputTokenCount: 8, outputTokenCount: 5, invocationLatency: 20 },
  },
];

/** What AWS does with a signature, written anew from its documentation. */
function signatureOf({ url, headers, raw }: TestUpstream['seen'][number]): string {
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ?? [];
  const sha = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const sign = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const path = url.split('/').map(encodeURIComponent).join('/');
  const signed = names.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = ['POST', path, '', signed.join(''), names, sha(raw)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(sign, `AWS4${SECRET}`);
  return sign(key, toSign).toString('hex');
}

let upstream: TestUpstream;
let world: World;
let skewMs = 0;
const start = async (more: object = {}, apiKey = `AKIDEXAMPLE|${SECRET}|a-session`) => {
  upstream = await startTestUpstream(
    answerJson(JSON.stringify(message([{ type: 'text', text: 'hi' }], USAGE))),
  );
  world = await startWorld({
    channels: [
      channel('cloud', new URL(upstream.url).origin, {
        type: 'bedrock',
        region: 'eu-central-1',
        model_mapping: { 'gpt-test': MODEL },
        keys: [
          {
            id: 'key-1',
            sealed: { key_id: 'master', box: Buffer.from(apiKey).toString('base64') },
            disabled: null,
          },
        ],
        ...more,
      }),
    ],
    dependencies: {
      upstreamTypes: { ...upstreamTypes, bedrock: createBedrockType(() => Date.now() + skewMs) },
    },
  });
};
beforeEach(() => {
  skewMs = 0;
});
afterEach(async () => {
  expect(world.observed.faults).toEqual([]);
  expect(await world.held()).toBe(0n);
  await world.close();
  await upstream.close();
});

const ask = (body: object, path = '/v1/messages', headers: Record<string, string> = {}) =>
  fetch(world.url + path, {
    method: 'POST',
    headers: { 'x-api-key': KEY, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const streamed = (...frames: readonly Buffer[]) =>
  upstream.behave(async (response) => {
    response.writeHead(200, {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-requestid': 'aws-7',
    });
    const bytes = Buffer.concat(frames);
    for (let at = 0; at < bytes.length; at += 97) {
      await new Promise<void>((resolve) => response.write(bytes.subarray(at, at + 97), () => resolve()));
    }
    response.end();
  });

describe('a message to Bedrock', () => {
  it('is invoked, signed by the channel’s key, and charged as reported', async () => {
    await start();
    const beta = { 'anthropic-beta': 'pdfs-2024-09-25, fine-grained-tool-streaming-2025-05-14' };
    const answer = await ask(ASKED, '/v1/messages', beta);
    expect(await answer.json()).toMatchObject({ content: [{ type: 'text', text: 'hi' }] });
    const [seen] = upstream.seen;
    if (!seen) throw new Error('nothing was asked');
    expect(seen.url).toBe('/model/us.anthropic.claude-test-v1%3A0/invoke');
    expect(seen.body).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      anthropic_beta: ['pdfs-2024-09-25', 'fine-grained-tool-streaming-2025-05-14'],
      max_tokens: 100,
      messages: ASKED.messages,
    });
    expect(seen.headers['x-amz-security-token']).toBe('a-session');
    expect(seen.headers.authorization).toContain('/eu-central-1/bedrock/aws4_request');
    expect(seen.headers.authorization).toContain(`Signature=${signatureOf(seen)}`);
    expect(seen.headers['anthropic-version']).toBeUndefined();
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, channel_id: 'cloud', basis: 'reported' }]);
  });

  it('streams as Anthropic’s events, out of frames cut anywhere, without what is Bedrock’s alone', async () => {
    await start();
    streamed(...EVENTS.map(chunkFrame));
    const text = await (await ask({ ...ASKED, stream: true })).text();
    expect(upstream.seen[0]?.url).toMatch(/\/invoke-with-response-stream$/);
    expect(upstream.seen[0]?.body).not.toHaveProperty('stream');
    expect(text).toContain('event: content_block_delta\ndata: {"type":"content_block_delta"');
    expect(text).toContain('grüß Gott');
    expect(text.trimEnd().endsWith('data: {"type":"message_stop"}')).toBe(true);
    expect(text).not.toContain('amazon');
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, upstream_request_id: 'aws-7' }]);
  });

  it('is shown a key that signs nothing as it is', async () => {
    await start({}, 'bedrock-api-key-test');
    expect((await ask(ASKED)).status).toBe(200);
    expect(upstream.seen[0]?.headers.authorization).toBe('Bearer bedrock-api-key-test');
    expect(upstream.seen[0]?.headers['x-amz-date']).toBeUndefined();
  });

  it('counts a prompt with Bedrock’s own counter', async () => {
    await start();
    upstream.behave(answerJson('{"inputTokens":77}'));
    const { model, messages } = ASKED;
    const answer = await ask({ model, messages }, '/v1/messages/count_tokens');
    expect(await answer.json()).toEqual({ input_tokens: 77 });
    const [seen] = upstream.seen;
    expect(seen?.url).toMatch(/\/count-tokens$/);
    const { input } = seen?.body as { input: { invokeModel: { body: string } } };
    expect(JSON.parse(Buffer.from(input.invokeModel.body, 'base64').toString())).toMatchObject({ messages });
  });

  it('takes calls of other dialects, converted', async () => {
    await start({ conversion: { from: ['chat'], on_loss: 'drop', quirks: [] } });
    streamed(...EVENTS.map(chunkFrame));
    const text = await (await chat(world, { ...HELLO, stream: true })).text();
    expect(text).toContain('"content":"grüß Gott"');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, upstream_dialect: 'anthropic' }]);
  });

  it.each([
    [429, 'ThrottlingException', 429, 'rate_limit_error'],
    [400, 'ValidationException:http://internal.amazon.com/x/', 400, 'invalid_request_error'],
    [503, 'ServiceUnavailableException', 503, 'overloaded_error'],
  ])('is told of a refusal in Anthropic’s words: %d %s', async (status, exception, told, type) => {
    await start();
    upstream.behave(
      answerJson('{"message":"Too many requests, please wait."}', status, { 'x-amzn-errortype': exception }),
    );
    const answer = await ask(ASKED);
    expect(answer.status).toBe(told);
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { type, message: 'Too many requests, please wait.' },
    });
    expect(world.settlement.charges).toEqual([]);
  });

  it('takes a key out of use that AWS does not know', async () => {
    await start();
    const exception = { 'x-amzn-errortype': 'UnrecognizedClientException' };
    upstream.behave(answerJson('{"message":"The security token is invalid."}', 403, exception));
    expect((await ask(ASKED)).status).toBeGreaterThanOrEqual(500);
    expect(world.observed.retired).toEqual(['cloud/key-1 the key is refused (status-403)']);
  });

  it.each([
    ['throttlingException', 429],
    ['modelStreamErrorException', 500],
    ['internalServerException', 500],
  ])('is told an exception before the first event as an answer: %s', async (type, status) => {
    await start();
    streamed(exceptionFrame(type, 'not now'));
    const answer = await ask({ ...ASKED, stream: true });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { message: 'not now' } });
  });

  it('ends with an error where an exception comes in its middle, and pays for what it got', async () => {
    await start();
    streamed(...EVENTS.slice(0, 3).map(chunkFrame), exceptionFrame('modelTimeoutException', 'too slow'));
    const text = await (await ask({ ...ASKED, stream: true })).text();
    expect(text).toContain('grüß Gott');
    expect(text).toContain('event: error');
    expect(text).not.toContain('message_stop');
    expect(world.settlement.charges).toMatchObject([{ ended: 'upstream-cut' }]);
  });

  it('is broken off where a frame is not as it was sent', async () => {
    await start();
    const broken = eventFrame({ ':event-type': 'chunk', ':message-type': 'event' }, '{"bytes":"AAAA"}');
    broken[broken.length - 6] = (broken[broken.length - 6] as number) ^ 1;
    streamed(...EVENTS.slice(0, 3).map(chunkFrame), broken);
    const text = await (await ask({ ...ASKED, stream: true })).text();
    expect(text).toContain('grüß Gott');
    expect(text).not.toContain('message_stop');
    expect(world.observed.upstream).toEqual(['cloud undecodable']);
  });

  it('signs by AWS’s clock once AWS says that this one is wrong', async () => {
    await start();
    skewMs = 3_600_000;
    upstream.behave((response, { headers }) => {
      const at = String(headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z');
      const isLate = Math.abs(Date.parse(at) - Date.now()) > 300_000;
      if (isLate)
        return answerJson('{"message":"Signature expired"}', 403, {
          'x-amzn-errortype': 'InvalidSignatureException',
        })(response, upstream.seen[0] as TestUpstream['seen'][number]);
      response.end(JSON.stringify(message([{ type: 'text', text: 'hi' }], USAGE)));
    });
    await ask(ASKED);
    expect((await ask(ASKED)).status).toBe(200);
  });
});
