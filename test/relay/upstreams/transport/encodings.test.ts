import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { zstdFrame } from '../../../support/zstd-frame.js';
import { channel, chat, HELLO, startWorld, type World } from '../../support/relay-world.js';
import {
  answerJson,
  type Behaviour,
  completion,
  delta,
  DONE,
  startTestUpstream,
  type TestUpstream,
  usageChunk,
} from '../../support/test-upstream.js';

const STREAM = { ...HELLO, stream: true };
const USAGE = { prompt_tokens: 9, completion_tokens: 4 };
const EVENTS = [delta('Hello'), delta(' there'), delta('', 'stop'), usageChunk(USAGE), DONE].join('');
const SHOWN = [delta('Hello'), delta(' there'), delta('', 'stop'), DONE].join('');

const encodings: readonly (readonly [string, string, (text: string | Buffer) => Buffer])[] = [
  ['gzip', 'gzip', zlib.gzipSync],
  ['deflate', 'deflate', zlib.deflateSync],
  ['deflate without its head', 'deflate', zlib.deflateRawSync],
  ['br', 'br', zlib.brotliCompressSync],
  ['zstd', 'zstd', zstdFrame],
];

/** An answer of these bytes, each in a packet of its own where `apart`. */
const answer =
  (bytes: Buffer, headers: Record<string, string>, apart = false): Behaviour =>
  async (response) => {
    response.writeHead(200, headers);
    const size = apart ? 1 : bytes.length;
    for (let at = 0; at < bytes.length; at += size) {
      await new Promise<void>((resolve) => response.write(bytes.subarray(at, at + size), () => resolve()));
    }
    response.end();
  };
const EVENT_STREAM = { 'content-type': 'text/event-stream' };

describe('an upstream that encodes its answers although it was asked not to', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(answerJson(completion('hi', USAGE)));
    world = await startWorld({
      channels: [channel('one', upstream.url)],
      settings: { maxAnswerBytes: 100_000 },
    });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });
  const charged = () => world.settlement.charges.map(({ quota, basis }) => ({ quota, basis }));
  const ONCE = [{ quota: 13n, basis: 'reported' }];

  it.each(encodings)(
    '%s, as its header says: a stream is read, charged once, and sent plain',
    async (_what, name, of) => {
      upstream.behave(answer(of(EVENTS), { ...EVENT_STREAM, 'content-encoding': name }));
      const response = await chat(world, STREAM);
      expect(response.headers.get('content-encoding')).toBeNull();
      expect(await response.text()).toBe(SHOWN);
      expect(charged()).toEqual(ONCE);
    },
  );

  it.each(encodings)('%s: a whole answer is read, charged once, and sent plain', async (_what, name, of) => {
    const body = completion('hi', USAGE);
    upstream.behave(answer(of(body), { 'content-type': 'application/json', 'content-encoding': name }));
    expect(await (await chat(world, HELLO)).text()).toBe(body.toString());
    expect(charged()).toEqual(ONCE);
  });

  it.each([false, true])('a mark before the text is no part of it (bytes apart: %s)', async (apart) => {
    const MARK = Buffer.from('\ufeff');
    const marked = (text: string | Buffer) => Buffer.concat([MARK, Buffer.from(text)]);
    upstream.behave(answer(marked(EVENTS), EVENT_STREAM, apart));
    expect(await (await chat(world, STREAM)).text()).toBe(SHOWN);
    const body = completion('hi', USAGE);
    upstream.behave(answer(marked(body), { 'content-type': 'application/json' }, apart));
    expect(Buffer.from(await (await chat(world, HELLO)).arrayBuffer())).toEqual(Buffer.from(body));
    expect(charged()).toEqual([...ONCE, ...ONCE]);
  });

  it.each([
    ['gzip', false, zlib.gzipSync],
    ['gzip', true, zlib.gzipSync],
    ['zstd', false, zstdFrame],
    ['zstd', true, zstdFrame],
  ] as const)('%s without a header that says so: the same (bytes apart: %s)', async (_what, apart, of) => {
    upstream.behave(answer(of(EVENTS), EVENT_STREAM, apart));
    expect(await (await chat(world, STREAM)).text()).toBe(SHOWN);
    const body = completion('hi', USAGE);
    upstream.behave(answer(of(body), { 'content-type': 'application/json' }, apart));
    expect(await (await chat(world, HELLO)).text()).toBe(body.toString());
    expect(charged()).toEqual([...ONCE, ...ONCE]);
  });

  it('as nobody can undo, or not to the end, is a clean error and no charge', async () => {
    const body = zlib.gzipSync(completion('hi', USAGE));
    const json = { 'content-type': 'application/json' };
    for (const [bytes, name] of [
      [body, 'compress'],
      [Buffer.from('{"choices":[]}'), 'gzip'],
      [body.subarray(0, body.length - 12), 'gzip'],
    ] as const) {
      upstream.behave(answer(bytes, { ...json, 'content-encoding': name }));
      const response = await chat(world, HELLO);
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ error: { code: 'upstream_unavailable' } });
    }
    expect(charged()).toEqual([]);
  });

  it('is bounded by what comes out, not by what comes in', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(50 * 1024 * 1024, '{'));
    upstream.behave(answer(bomb, { 'content-type': 'application/json', 'content-encoding': 'gzip' }));
    expect((await chat(world, HELLO)).status).toBe(502);
    expect(world.observed.upstream).toEqual(['one oversized']);
  });

  it.each(['text/plain; charset=utf-8', 'application/json', 'text/html'])(
    'or labels its events %s: they are events all the same',
    async (type) => {
      for (const apart of [false, true]) {
        upstream.behave(answer(Buffer.from(EVENTS), { 'content-type': type }, apart));
        const response = await chat(world, STREAM);
        expect(response.headers.get('content-type')).toMatch('text/event-stream');
        expect(await response.text()).toBe(SHOWN);
      }
      expect(charged()).toEqual([...ONCE, ...ONCE]);
    },
  );
});
