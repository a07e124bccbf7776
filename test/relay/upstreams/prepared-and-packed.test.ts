import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { targetBelow } from '../../../src/relay/upstreams/base-address.js';
import { upstreamTypes } from '../../../src/relay/upstreams/all.js';
import type { AnswerDecoder, UpstreamTarget, UpstreamType } from '../../../src/relay/upstreams/type.js';
import { eventually } from '../../support/eventually.js';
import { channel, chat, HELLO, startWorld, type World } from '../support/relay-world.js';
import {
  completion,
  delta,
  DONE,
  startTestUpstream,
  type TestUpstream,
  usageChunk,
} from '../support/test-upstream.js';

// A kind of upstream as there is none: requests are signed with what another service gives out first, answers are packed in an
// envelope of binary frames. What it needs is what Bedrock and Vertex need.

/** Each frame is its length in four bytes and then so many bytes. */
const packed = (...texts: readonly string[]): Buffer =>
  Buffer.concat(
    texts.map((text) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(Buffer.byteLength(text));
      return Buffer.concat([head, Buffer.from(text)]);
    }),
  );

class Unpack implements AnswerDecoder {
  private rest = Buffer.alloc(0);
  constructor(readonly headers: AnswerDecoder['headers']) {}

  push(chunk: Buffer): Buffer {
    this.rest = Buffer.concat([this.rest, chunk]);
    const whole: Buffer[] = [];
    while (this.rest.length >= 4) {
      const length = this.rest.readUInt32BE();
      if (length > 65_536) throw new Error('a frame of the key sk-secret is too large');
      if (this.rest.length < 4 + length) break;
      whole.push(this.rest.subarray(4, 4 + length));
      this.rest = this.rest.subarray(4 + length);
    }
    return Buffer.concat(whole);
  }

  finish(): Buffer {
    if (this.rest.length > 0) throw new Error('a frame is missing');
    return Buffer.alloc(0);
  }
}

/** Tokens that are given out when the test says so. */
class Tokens {
  asked = 0;
  private give: ((token: string | Error) => void)[] = [];

  fetch(): Promise<string> {
    this.asked += 1;
    return new Promise((resolve, reject) => {
      this.give.push((token) => (token instanceof Error ? reject(token) : resolve(token)));
    });
  }

  answer(token: string | Error): void {
    for (const give of this.give.splice(0)) give(token);
  }
}

const PACKED = 'application/x-packed';
let tokens: Tokens;
const signedType: UpstreamType = {
  dialects: ['openai'],
  async prepare(access, request): Promise<UpstreamTarget> {
    const token = await tokens.fetch();
    const { pathname, origin } = new URL(access.settings.base_url);
    const body = Buffer.concat([request.body as Buffer, Buffer.from('\n')]);
    const signature = createHmac('sha256', token).update(body).digest('hex');
    const base = { origin, path: pathname, query: '', headers: { authorization: `signed ${signature}` } };
    return { ...targetBelow(base, request), body };
  },
  locate: ({ base_url }, { path }) => ({ origin: new URL(base_url).origin, path }),
  decode: (status, headers) =>
    headers['content-type'] === PACKED
      ? new Unpack({
          ...headers,
          'content-type': status === 200 && headers['x-streamed'] ? 'text/event-stream' : 'application/json',
        })
      : undefined,
};

let upstream: TestUpstream;
let other: TestUpstream;
let world: World;
const answerPacked = (...frames: readonly string[]) =>
  upstream.behave((response) => {
    response.writeHead(200, { 'content-type': PACKED });
    response.end(packed(...frames));
  });
const streamPacked = (...frames: readonly string[]) =>
  upstream.behave((response) => {
    response.writeHead(200, { 'content-type': PACKED, 'x-streamed': 'yes' });
    const bytes = packed(...frames);
    // Cut where no frame ends.
    for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
    response.end();
  });
const usage = { prompt_tokens: 10, completion_tokens: 5 };

beforeEach(async () => {
  tokens = new Tokens();
  upstream = await startTestUpstream((response) => void response.end());
  other = await startTestUpstream((response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(completion('from the other', usage));
  });
  world = await startWorld({
    channels: [
      channel('signed', upstream.url, { type: 'azure-openai', priority: 10 }),
      channel('plain', other.url, { priority: 1 }),
    ],
    dependencies: { upstreamTypes: { ...upstreamTypes, 'azure-openai': signedType } },
    settings: { connectTimeoutMs: 500 },
  });
});
afterEach(async () => {
  tokens.answer('late');
  await world.close();
  await Promise.all([upstream.close(), other.close()]);
});

describe('an upstream that must be prepared for and packs its answers', () => {
  it('gets a signed body, and its unpacked answer is charged as reported', async () => {
    const answer = completion('hi', usage).toString();
    answerPacked(answer.slice(0, 20), answer.slice(20));
    const asked = chat(world, HELLO);
    await eventually(() => tokens.asked === 1);
    expect(upstream.seen).toHaveLength(0);
    tokens.answer('token-1');
    const response = await asked;
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'hi' } }] });
    const [seen] = upstream.seen;
    const signature = createHmac('sha256', 'token-1')
      .update(seen?.raw ?? '')
      .digest('hex');
    expect(seen?.headers.authorization).toBe(`signed ${signature}`);
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, channel_id: 'signed', basis: 'reported' }]);
  });

  it('streams, cut anywhere, word by word and charged as reported', async () => {
    streamPacked(delta('hel'), delta('lo'), usageChunk(usage), DONE);
    const asked = chat(world, { ...HELLO, stream: true });
    await eventually(() => tokens.asked === 1);
    tokens.answer('token-1');
    const text = await (await asked).text();
    expect(text).toContain('hel');
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, channel_id: 'signed', basis: 'reported' }]);
  });

  it.each([
    [
      'cannot be prepared',
      () => tokens.answer(new Error('the secret sk-secret was refused')),
      'signed unprepared',
    ],
    ['is not prepared in time', () => undefined, 'signed timeout'],
  ])('that %s is passed over, and nothing of why is told', async (_what, happens, failure) => {
    const asked = chat(world, HELLO);
    await eventually(() => tokens.asked === 1);
    happens();
    const response = await asked;
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'from the other' } }] });
    expect(world.observed.upstream).toEqual([failure]);
    expect(upstream.seen).toHaveLength(0);
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, channel_id: 'plain' }]);
  });

  it.each([
    ['that is whole', false],
    ['in pieces', true],
  ])('whose answer %s cannot be unpacked is passed over', async (_what, stream) => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': PACKED, ...(stream && { 'x-streamed': 'yes' }) });
      response.end(Buffer.from('<html>no frame at all</html>'));
    });
    if (stream)
      other.behave((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(delta('from the other') + usageChunk(usage) + DONE);
      });
    const asked = chat(world, { ...HELLO, stream });
    await eventually(() => tokens.asked === 1);
    tokens.answer('token-1');
    expect(await (await asked).text()).toContain('from the other');
    expect(world.observed.upstream).toEqual(['signed undecodable']);
    expect(world.settlement.charges).toMatchObject([{ quota: 15n, channel_id: 'plain' }]);
  });

  it('breaks off what has begun and lacks its last frame, and charges what was delivered', async () => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': PACKED, 'x-streamed': 'yes' });
      response.end(packed(delta('hello'), delta('lost')).subarray(0, -3));
    });
    const asked = chat(world, { ...HELLO, stream: true });
    await eventually(() => tokens.asked === 1);
    tokens.answer('token-1');
    const text = await (await asked).text();
    expect(text).toContain('hello');
    expect(text).not.toContain('[DONE]');
    expect(world.settlement.charges).toMatchObject([{ channel_id: 'signed', ended: 'upstream-cut' }]);
  });

  it('is not asked for a client that leaves while it is being prepared for', async () => {
    const gone = new AbortController();
    const asked = chat(world, HELLO, { signal: gone.signal });
    await eventually(() => tokens.asked === 1);
    gone.abort();
    await expect(asked).rejects.toThrow();
    await eventually(() => world.observed.ends.length === 1);
    tokens.answer('token-1');
    await eventually(async () => (await world.held()) === 0n);
    expect(upstream.seen).toHaveLength(0);
    expect(world.settlement.charges).toEqual([]);
  });
});
