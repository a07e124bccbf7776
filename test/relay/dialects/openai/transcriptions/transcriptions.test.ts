import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI, { toFile } from 'openai';
import { eventually } from '../../../../support/eventually.js';
import { byHand, fieldHead, readByPlatform } from '../../../multipart/support/forms.js';
import { channel, KEY, price, startWorld, type World } from '../../../support/relay-world.js';
import {
  answerJson,
  type Behaviour,
  frame,
  startTestUpstream,
  stream,
  type TestUpstream,
} from '../../../support/test-upstream.js';

const BY_SECOND = 'whisper-1';
const BY_TOKEN = 'gpt-4o-transcribe';
/** Larger than what is kept in memory; 100 s at the rate that is taken where nobody says how long it is. */
const SOUND = randomBytes(400_000);
const SECONDS = { type: 'duration', seconds: 12 };
const TOKENS = {
  type: 'tokens',
  input_tokens: 50,
  input_token_details: { audio_tokens: 40, text_tokens: 10 },
  output_tokens: 7,
  total_tokens: 57,
};

const answerText =
  (body: string, type: string): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  };

describe('transcripts with the openai SDK', () => {
  let upstream: TestUpstream;
  let other: TestUpstream;
  let world: World;
  let client: OpenAI;
  beforeEach(async () => {
    upstream = await startTestUpstream(answerJson('{"text":"Hallo."}'));
    other = await startTestUpstream(answerJson(JSON.stringify({ text: 'Hallo.', usage: SECONDS })));
    const models = [BY_SECOND, BY_TOKEN];
    world = await startWorld({
      channels: [
        channel('one', upstream.url, { models, model_mapping: { [BY_TOKEN]: 'listener' }, priority: 1 }),
        channel('two', other.url, { models }),
      ],
      prices: [
        price(BY_SECOND, { model_ratio: '0', per_second_usd: '0.0001' }),
        price(BY_TOKEN, { model_ratio: '1', completion_ratio: '4', audio_ratio: '2' }),
      ],
    });
    client = new OpenAI({ apiKey: KEY, baseURL: `${world.url}/v1`, maxRetries: 0 });
  });
  afterEach(async () => {
    await eventually(async () => (await world.held()) === 0n);
    await world.close();
    await upstream.close();
    await other.close();
  });
  const recording = (sound: Buffer = SOUND) => toFile(sound, 'a.mp3', { type: 'audio/mpeg' });
  const charged = () => world.settlement.charges.at(-1);
  async function sent(to = upstream) {
    const { headers, raw } = to.seen.at(-1) as (typeof to.seen)[number];
    return readByPlatform(headers['content-type'] as string, raw);
  }
  const fileSent = ['file', SOUND.toString('latin1')];
  const create = async (more: object = {}, file?: Buffer) =>
    client.audio.transcriptions.create({
      file: await recording(file),
      model: BY_SECOND,
      ...more,
    } as OpenAI.Audio.TranscriptionCreateParamsNonStreaming);

  it('passes the recording on as it came, and charges the seconds that are reported', async () => {
    upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', usage: SECONDS })));
    expect(await create({ language: 'de', timestamp_granularities: ['word'] })).toMatchObject({
      text: 'Hallo.',
    });
    expect(upstream.seen[0]?.url).toBe('/v1/audio/transcriptions');
    expect(await sent()).toEqual([
      fileSent,
      ['model', BY_SECOND],
      ['language', 'de'],
      ['timestamp_granularities[]', 'word'],
    ]);
    expect(charged()).toMatchObject({
      quota: 600n,
      endpoint: '/v1/audio/transcriptions',
      basis: 'reported',
      usage: { media_ms: 12_000 },
      overshoot_quota: 0n,
    });
  });

  it('charges tokens as they are reported, and changes the model for its channel', async () => {
    upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', usage: TOKENS })));
    await create({ model: BY_TOKEN });
    expect(await sent()).toEqual([fileSent, ['model', 'listener']]);
    // 10 + 40 × 2 + 7 × 4
    expect(charged()).toMatchObject({ quota: 118n, basis: 'reported', upstream_model: 'listener' });
  });

  it.each([
    ['verbose_json with its duration', { duration: 8.47, segments: [] }, 424n, 8_470],
    ['verbose_json with a duration as text', { duration: '8.47' }, 424n, 8_470],
    ['verbose_json with both', { duration: 8.47, usage: { type: 'duration', seconds: 9 } }, 450n, 9_000],
  ])('charges %s', async (_what, more, quota, media_ms) => {
    upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', ...more })));
    expect(await create({ response_format: 'verbose_json' })).toMatchObject({ text: 'Hallo.', ...more });
    expect(charged()).toMatchObject({ quota, basis: 'reported', usage: { media_ms } });
  });

  it('asks for JSON where the client wants text, so that it learns the seconds', async () => {
    upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', usage: SECONDS })));
    expect(await create({ response_format: 'text' })).toBe('Hallo.\n');
    expect(await sent()).toContainEqual(['response_format', 'json']);
    expect(charged()).toMatchObject({ quota: 600n, basis: 'reported' });
  });

  it('takes a text also where upstream answers one all the same', async () => {
    upstream.behave(answerText('Hallo.\n', 'text/plain; charset=utf-8'));
    expect(await create({ response_format: 'text' })).toBe('Hallo.\n');
    expect(charged()).toMatchObject({ quota: 5_000n, basis: 'estimate', usage: { media_ms: 100_000 } });
  });

  it.each([
    [
      'srt',
      'text/plain',
      '1\n00:00:00,000 --> 00:00:04,500\nHallo.\n\n2\n00:00:05,000 --> 00:01:02,250\nJa.\n',
    ],
    ['vtt', 'text/vtt', 'WEBVTT\n\n00:00.000 --> 01:02.250\nHallo.\n'],
  ] as const)('charges %s to the end of its last line', async (format, type, body) => {
    upstream.behave(answerText(body, type));
    expect(await create({ response_format: format })).toBe(body);
    expect(charged()).toMatchObject({ quota: 3_113n, usage: { media_ms: 62_250 } });
  });

  it('charges by the size of the recording what nothing is said of, and says so', async () => {
    await create();
    expect(charged()).toMatchObject({ quota: 5_000n, basis: 'estimate', usage: { media_ms: 100_000 } });
    await create({ model: BY_TOKEN });
    // A token each tenth of a second of sound, twice; what was said, counted.
    const { completion_tokens } = charged()?.usage as { completion_tokens: number };
    expect(completion_tokens).toBeGreaterThan(0);
    expect(charged()).toMatchObject({ basis: 'estimate', usage: { prompt_tokens: 1_000 } });
    expect(charged()?.quota).toBe(2_000n + BigInt(4 * completion_tokens));
  });

  it('counts tokens where upstream speaks of seconds only, and seconds where of tokens only', async () => {
    upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', usage: SECONDS })));
    await create({ model: BY_TOKEN });
    expect(charged()).toMatchObject({ basis: 'estimate', usage: { prompt_tokens: 120, media_ms: 12_000 } });
    upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', usage: TOKENS })));
    await create();
    expect(charged()).toMatchObject({ quota: 5_000n, basis: 'estimate' });
  });

  it.each([-3, 1e12, 'soon', null])(
    'does not believe %p seconds, and is not free for it',
    async (seconds) => {
      upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', usage: { type: 'duration', seconds } })));
      await create();
      expect(charged()).toMatchObject({ quota: 5_000n, basis: 'estimate' });
    },
  );

  it('knows the length of WAV by its header', async () => {
    const head = Buffer.alloc(44);
    head.write('RIFF', 0, 'latin1');
    head.write('WAVEfmt ', 8, 'latin1');
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt32LE(16_000, 24);
    head.writeUInt32LE(32_000, 28);
    head.writeUInt16LE(2, 32);
    head.writeUInt16LE(16, 34);
    await create({}, Buffer.concat([head, Buffer.alloc(64_000)]));
    expect(charged()).toMatchObject({ usage: { media_ms: 2_002 }, basis: 'estimate' });
    // Another rate than it has itself: it is not believed.
    head.writeUInt32LE(3_200_000, 28);
    await create({}, Buffer.concat([head, Buffer.alloc(64_000)]));
    expect(charged()).toMatchObject({ usage: { media_ms: 16_011 }, basis: 'estimate' });
  });

  it('translates', async () => {
    upstream.behave(answerJson(JSON.stringify({ text: 'Hello.', usage: SECONDS })));
    const answer = await client.audio.translations.create({ file: await recording(), model: BY_SECOND });
    expect(answer.text).toBe('Hello.');
    expect(upstream.seen[0]?.url).toBe('/v1/audio/translations');
    expect(charged()).toMatchObject({ quota: 600n, endpoint: '/v1/audio/translations' });
  });

  const delta = (text: string) => frame({ type: 'transcript.text.delta', delta: text });
  const last = (more: object = {}) => frame({ type: 'transcript.text.done', text: 'Hallo du.', ...more });
  const streamed = async (signal?: AbortSignal) =>
    client.audio.transcriptions.create(
      { file: await recording(), model: BY_TOKEN, stream: true },
      { signal: signal ?? null },
    );

  it('hands a transcript on in pieces, and keeps its end back until the charge is durable', async () => {
    upstream.behave(stream([delta('Hallo'), delta(' du.'), last({ usage: TOKENS })]));
    let durable = (): void => undefined;
    world.settlement.gate = new Promise((resolve) => (durable = resolve));
    const types: string[] = [];
    const reading = (async () => {
      for await (const event of await streamed()) types.push(event.type);
    })();
    await eventually(() => world.settlement.asked === 1);
    expect(types).not.toContain('transcript.text.done');
    durable();
    await reading;
    expect(types).toEqual(['transcript.text.delta', 'transcript.text.delta', 'transcript.text.done']);
    expect(charged()).toMatchObject({ quota: 118n, basis: 'reported', streamed: true, ended: 'complete' });
  });

  it('charges a transcript in pieces that reports nothing', async () => {
    upstream.behave(stream([delta('Hallo'), delta(' du.'), last(), frame('[DONE]')]));
    for await (const event of await streamed()) expect(event).toBeDefined();
    expect(charged()).toMatchObject({
      basis: 'estimate',
      ended: 'complete',
      usage: { prompt_tokens: 1_000 },
    });
  });

  it('answers whole where the model knows no pieces', async () => {
    upstream.behave(answerJson(JSON.stringify({ text: 'Hallo.', usage: SECONDS })));
    const response = await client.audio.transcriptions
      .create({ file: await recording(), model: BY_SECOND, stream: true })
      .asResponse();
    expect(await response.json()).toMatchObject({ text: 'Hallo.' });
    expect(charged()).toMatchObject({ quota: 600n, ended: 'complete' });
  });

  it('a client that hangs up stops upstream, and pays for what it heard', async () => {
    upstream.behave(stream([delta('Hallo')], 'hang'));
    const leaving = new AbortController();
    const events = (await streamed(leaving.signal))[Symbol.asyncIterator]();
    await events.next();
    leaving.abort();
    await eventually(() => upstream.aborted === 1);
    await eventually(() => world.settlement.charges.length === 1);
    expect(charged()).toMatchObject({ ended: 'client-closed', basis: 'estimate' });
  });

  it('sends the recording once more to another channel, and charges once', async () => {
    upstream.behave(answerJson('{"error":{"message":"overloaded","type":"server_error"}}', 503));
    expect(await create()).toMatchObject({ text: 'Hallo.' });
    expect(await sent(other)).toEqual([fileSent, ['model', BY_SECOND]]);
    expect(world.settlement.charges).toMatchObject([{ channel_id: 'two', quota: 600n }]);
  });

  it.each([
    [
      'an error',
      answerJson('{"error":{"message":"Invalid file format.","type":"invalid_request_error"}}', 400),
      400,
    ],
    ['HTML', answerText('<html>', 'text/html'), 502],
    ['nothing', answerText('', 'text/plain'), 502],
    ['something else', answerJson('{"data":[]}'), 502],
  ])('charges nothing for %s', async (_what, behaviour, status) => {
    upstream.behave(behaviour);
    other.behave(behaviour);
    await expect(create({ response_format: 'srt' })).rejects.toMatchObject({ status });
    expect(world.settlement.charges).toEqual([]);
  });

  const model = [fieldHead('model'), BY_SECOND] as const;
  const file = [`${fieldHead('file')}; filename="a.mp3"`, 'sound'] as const;
  it.each([
    ['no recording', byHand(model), 'file'],
    ['an address', byHand(model, file, [fieldHead('url'), 'https://example.com/a.mp3']), 'url'],
    [
      'two formats',
      byHand(model, file, [fieldHead('response_format'), 'text'], [fieldHead('Response_Format'), 'json']),
      'response_format',
    ],
    ['neither true nor false', byHand(model, file, [fieldHead('stream'), '1']), 'stream'],
  ])('refuses %s, and changes nothing', async (_what, body, param) => {
    const response = await fetch(`${world.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect([...upstream.seen, ...world.settlement.charges]).toEqual([]);
  });
});
