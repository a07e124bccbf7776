import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI, { toFile } from 'openai';
import { eventually } from '../../../../support/eventually.js';
import { byHand, fieldHead, readByPlatform } from '../../../multipart/support/forms.js';
import { channel, KEY, price, startWorld, type World } from '../../../support/relay-world.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../../../support/test-upstream.js';

const BY_PICTURE = 'dall-e-2';
const BY_TOKEN = 'gpt-image-1';
/** Larger than what is kept in memory. */
const PICTURE = randomBytes(400_000);

const pictures = (count: number, more: object = {}) =>
  answerJson(
    JSON.stringify({
      created: 1,
      data: Array.from({ length: count }, () => ({ b64_json: 'AA==' })),
      ...more,
    }),
  );

describe('edited pictures with the openai SDK', () => {
  let upstream: TestUpstream;
  let other: TestUpstream;
  let world: World;
  let client: OpenAI;
  beforeEach(async () => {
    upstream = await startTestUpstream(pictures(1));
    other = await startTestUpstream(pictures(1));
    const models = [BY_PICTURE, BY_TOKEN];
    world = await startWorld({
      balance: 900_000n,
      channels: [
        channel('one', upstream.url, { models, model_mapping: { [BY_TOKEN]: 'gpt-image-1.5' }, priority: 1 }),
        channel('two', other.url, { models }),
      ],
      prices: [
        price(BY_PICTURE, {
          model_ratio: '0',
          per_image_usd: '0.02',
          image_prices: [{ size: '256x256', usd: '0.016' }],
        }),
        price(BY_TOKEN, { model_ratio: '2.5', completion_ratio: '8', image_ratio: '2' }),
      ],
    });
    client = new OpenAI({ apiKey: KEY, baseURL: `${world.url}/v1`, maxRetries: 0 });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
    await other.close();
  });
  const picture = (name = 'fox.png') => toFile(PICTURE, name, { type: 'image/png' });
  const charged = () => world.settlement.charges.at(-1);
  async function sentTo(to: TestUpstream) {
    const { headers, raw } = to.seen.at(-1) as (typeof to.seen)[number];
    return readByPlatform(headers['content-type'] as string, raw);
  }
  const post = (contentType: string, body: Buffer | string) =>
    fetch(`${world.url}/v1/images/edits`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': contentType },
      body: body as string,
    });

  it('sends one picture on as it came, and charges the pictures of its size', async () => {
    upstream.behave(pictures(2));
    const image = await picture();
    const answer = await client.images.edit({
      model: BY_PICTURE,
      image,
      prompt: 'a hat',
      n: 2,
      size: '256x256',
    });
    expect(answer.data).toHaveLength(2);
    expect(upstream.seen[0]?.url).toBe('/v1/images/edits');
    expect(upstream.seen[0]?.headers['content-length']).toBe(String(upstream.seen[0]?.raw.length));
    expect(await sentTo(upstream)).toEqual([
      ['model', BY_PICTURE],
      ['image', PICTURE.toString('latin1')],
      ['prompt', 'a hat'],
      ['n', '2'],
      ['size', '256x256'],
    ]);
    expect(charged()).toMatchObject({
      quota: 16_000n,
      endpoint: '/v1/images/edits',
      image_size: '256x256',
      overshoot_quota: 0n,
    });
  });

  it('changes the model of several pictures, and charges tokens as they are reported', async () => {
    const usage = {
      input_tokens: 700,
      output_tokens: 100,
      input_tokens_details: { text_tokens: 10, image_tokens: 690 },
    };
    upstream.behave(pictures(1, { usage }));
    const image = [await picture('a.png'), await picture('b.png')];
    const answer = await client.images.edit({
      model: BY_TOKEN,
      image,
      mask: await picture(),
      prompt: 'a hat',
    });
    expect(answer.data?.[0]?.b64_json).toBe('AA==');
    const sent = await sentTo(upstream);
    expect(sent.map(([name]) => name)).toEqual(['model', 'image[]', 'image[]', 'mask', 'prompt']);
    expect(sent[0]).toEqual(['model', 'gpt-image-1.5']);
    // 2.5 × (10 + 690 × 2 + 100 × 8)
    expect(charged()).toMatchObject({ quota: 5_475n, basis: 'reported', overshoot_quota: 0n });
  });

  it('sends the whole form once more to another channel', async () => {
    upstream.behave((response) => void response.destroy());
    await client.images.edit({ model: BY_TOKEN, image: await picture(), prompt: 'a hat' });
    expect(await sentTo(other)).toEqual([
      ['model', BY_TOKEN],
      ['image', PICTURE.toString('latin1')],
      ['prompt', 'a hat'],
    ]);
    expect(world.settlement.charges).toMatchObject([{ channel_id: 'two' }]);
  });

  it('passes an error of upstream on, and charges nothing for it', async () => {
    upstream.behave(answerJson('{"error":{"message":"unsafe","type":"image_generation_user_error"}}', 400));
    const call = client.images.edit({ model: BY_PICTURE, image: await picture(), prompt: 'a hat' });
    await expect(call).rejects.toMatchObject({ status: 400, type: 'image_generation_user_error' });
    expect(charged()).toBeUndefined();
  });

  it('breaks upstream off with a client that leaves, for whom no picture was made', async () => {
    upstream.behave(() => undefined);
    const leaving = new AbortController();
    const call = client.images.edit(
      { model: BY_PICTURE, image: await picture(), prompt: 'a hat' },
      { signal: leaving.signal },
    );
    await eventually(() => upstream.seen.length === 1);
    leaving.abort();
    await expect(call).rejects.toThrow();
    await eventually(() => upstream.aborted === 1);
    await eventually(async () => (await world.held()) === 0n);
    expect(charged()).toMatchObject({ quota: 0n, ended: 'client-closed', usage: { images: 0 } });
  });

  it('refuses what the balance does not carry, and pictures in pieces', async () => {
    const image = await picture();
    const many = client.images.edit({ model: BY_PICTURE, image, prompt: 'a hat', n: 16 });
    await expect(many).resolves.toBeDefined();
    world.balances.set(`account:6f1c1d2e-0000-4000-8000-000000000001`, 0n);
    const streamed = client.images.edit({ model: BY_TOKEN, image, prompt: 'a hat', stream: true });
    await expect(streamed).rejects.toMatchObject({ status: 400, param: 'stream' });
  });

  const model = [fieldHead('model'), BY_PICTURE] as const;
  const prompt = [fieldHead('prompt'), 'a hat'] as const;
  it.each([
    ['no form', 'application/json', '{"model":"dall-e-2","prompt":"a hat"}', null],
    ['a cut form', 'multipart/form-data; boundary=b', byHand(model, prompt).subarray(0, -9), null],
    ['no model', 'multipart/form-data; boundary=b', byHand(prompt), 'model'],
    ['two models', 'multipart/form-data; boundary=b', byHand(model, model, prompt), 'model'],
    [
      'a list of models',
      'multipart/form-data; boundary=b',
      byHand([fieldHead('model[]'), 'x'], prompt),
      'model',
    ],
    [
      'a file as model',
      'multipart/form-data; boundary=b',
      byHand([`${fieldHead('model')}; filename="a"`, 'x'], prompt),
      'model',
    ],
    [
      'a model in UTF-16',
      'multipart/form-data; boundary=b',
      byHand([`${fieldHead('model')}\r\nContent-Type: text/plain; charset=utf-16`, 'x'], prompt),
      'model',
    ],
    [
      'too many pictures',
      'multipart/form-data; boundary=b',
      byHand(model, prompt, [fieldHead('n'), '17']),
      'n',
    ],
    [
      'half a picture',
      'multipart/form-data; boundary=b',
      byHand(model, prompt, [fieldHead('n'), '0.5']),
      'n',
    ],
  ])('refuses %s, and changes nothing', async (_what, contentType, body, param) => {
    const response = await post(contentType, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect([...upstream.seen, ...other.seen]).toEqual([]);
    expect(world.settlement.charges).toEqual([]);
  });

  it('refuses what is larger than it may be', async () => {
    await world.close();
    world = await startWorld({
      channels: [channel('one', upstream.url, { models: [BY_PICTURE] })],
      prices: [price(BY_PICTURE)],
      settings: { maxUploadBytes: 300_000 },
    });
    const response = await post(
      'multipart/form-data; boundary=b',
      byHand(model, [fieldHead('x'), 'y'.repeat(400_000)]),
    );
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } });
  });
});
