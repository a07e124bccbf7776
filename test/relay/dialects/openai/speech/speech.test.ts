import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { eventually } from '../../../../support/eventually.js';
import { channel, KEY, price, startWorld, type World } from '../../../support/relay-world.js';
import {
  answerJson,
  type Behaviour,
  startTestUpstream,
  type TestUpstream,
} from '../../../support/test-upstream.js';

const SOUND = Buffer.alloc(300_000, 7);
const ASKED = { model: 'tts-1', voice: 'alloy', input: '你好 🦊!' } as const;
/** Of characters as providers count them: 0.000015 USD each, 500,000 quota a dollar. */
const CHARACTERS = 5;
const QUOTA = 38n;

const sound =
  (body: Buffer): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    response.end(body);
  };

describe('speech with the openai SDK', () => {
  let upstream: TestUpstream;
  let world: World;
  let client: OpenAI;
  beforeEach(async () => {
    upstream = await startTestUpstream(sound(SOUND));
    world = await startWorld({
      balance: 900n,
      channels: [channel('one', upstream.url, { models: ['tts-1'], model_mapping: { 'tts-1': 'tts-1-hd' } })],
      prices: [price('tts-1', { model_ratio: '0', per_character_usd: '0.000015' })],
    });
    client = new OpenAI({ apiKey: KEY, baseURL: `${world.url}/v1`, maxRetries: 0 });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });

  it('hands the sound on unchanged and charges the characters of the text', async () => {
    const answer = await client.audio.speech.create(ASKED);
    expect(answer.headers.get('content-type')).toBe('audio/mpeg');
    expect(Buffer.from(await answer.arrayBuffer()).equals(SOUND)).toBe(true);
    expect(upstream.seen[0]).toMatchObject({
      url: '/v1/audio/speech',
      body: { ...ASKED, model: 'tts-1-hd' },
    });
    expect(world.settlement.charges).toMatchObject([
      { quota: QUOTA, endpoint: '/v1/audio/speech', ended: 'complete', usage: { characters: CHARACTERS } },
    ]);
  });

  it('keeps the last piece back until the charge is durable', async () => {
    let durable = (): void => undefined;
    world.settlement.gate = new Promise((resolve) => (durable = resolve));
    const answer = await client.audio.speech.create(ASKED);
    const whole = answer.arrayBuffer();
    let arrived = false;
    void whole.then(() => (arrived = true));
    await eventually(() => world.settlement.asked === 1);
    expect(arrived).toBe(false);
    durable();
    expect((await whole).byteLength).toBe(SOUND.length);
  });

  it('breaks the connection where upstream breaks off, and charges what was said', async () => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      response.write(SOUND);
      setTimeout(() => response.write(SOUND, () => response.destroy()), 50);
    });
    const answer = await client.audio.speech.create(ASKED);
    await expect(answer.arrayBuffer()).rejects.toThrow();
    await eventually(() => world.settlement.charges.length === 1);
    expect(world.settlement.charges).toMatchObject([{ quota: QUOTA, ended: 'upstream-cut' }]);
  });

  it('a client that hangs up stops upstream, and pays', async () => {
    upstream.behave((response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      const timer = setInterval(() => response.write(SOUND), 20);
      response.on('close', () => clearInterval(timer));
    });
    const leaving = new AbortController();
    const answer = await client.audio.speech.create(ASKED, { signal: leaving.signal });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    leaving.abort();
    await eventually(() => upstream.aborted === 1);
    await eventually(() => world.settlement.charges.length === 1);
    expect(world.settlement.charges).toMatchObject([{ quota: QUOTA, ended: 'client-closed' }]);
  });

  it.each([
    [
      'an error of upstream',
      answerJson('{"error":{"message":"no such voice","type":"invalid_request_error"}}', 400),
      400,
    ],
    ['no sound at all', sound(Buffer.alloc(0)), 502],
    ['something else', answerJson('{"data":[]}'), 502],
  ])('charges nothing for %s', async (_what, behaviour, status) => {
    upstream.behave(behaviour);
    await expect(client.audio.speech.create(ASKED)).rejects.toMatchObject({ status });
    expect(world.settlement.charges).toEqual([]);
  });

  it('refuses events, and a text that the balance does not carry', async () => {
    await expect(client.audio.speech.create({ ...ASKED, stream_format: 'sse' })).rejects.toMatchObject({
      status: 400,
    });
    await expect(client.audio.speech.create({ ...ASKED, input: 'x'.repeat(1_000) })).rejects.toMatchObject({
      status: 402,
    });
    expect(upstream.seen).toEqual([]);
  });
});
