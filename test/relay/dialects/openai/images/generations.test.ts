import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { channel, KEY, price, startWorld, type World } from '../../../support/relay-world.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../../../support/test-upstream.js';

const BY_PICTURE = 'dall-e-3';
const BY_TOKEN = 'gpt-image-1';

describe('pictures with the openai SDK', () => {
  let upstream: TestUpstream;
  let world: World;
  let client: OpenAI;
  beforeEach(async () => {
    upstream = await startTestUpstream(answerJson('{}'));
    world = await startWorld({
      balance: 900_000n,
      channels: [channel('one', upstream.url, { models: [BY_PICTURE, BY_TOKEN] })],
      prices: [
        price(BY_PICTURE, {
          model_ratio: '0',
          per_image_usd: '0.04',
          image_prices: [
            { size: '1024x1024', quality: 'hd', usd: '0.08' },
            { size: '1792x1024', usd: '0.12' },
          ],
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
  });
  const charged = () => world.settlement.charges.at(-1);
  const pictures = (count: number, more: object = {}) =>
    answerJson(
      JSON.stringify({
        created: 1,
        data: Array.from({ length: count }, () => ({ b64_json: 'AA==' })),
        ...more,
      }),
    );

  it.each([
    ['is empty', {}],
    ['cannot be true', { input_tokens: -1, output_tokens: 5 }],
    ['tells of the output alone', { generated_images: 1, output_tokens: 4_096 }],
  ])('charges a picture that is there, also where its usage %s', async (_how, usage) => {
    upstream.behave(pictures(1, { usage }));
    await client.images.generate({ model: BY_PICTURE, prompt: 'a fox' });
    expect(charged()).toMatchObject({ quota: 20_000n, usage: { images: 1 } });
  });

  it('does not charge a picture in whose place there is a reason', async () => {
    const refused = { error: { code: 'sensitive', message: 'not made' } };
    upstream.behave(answerJson(JSON.stringify({ created: 1, data: [{ b64_json: 'AA==' }, refused] })));
    await client.images.generate({ model: BY_PICTURE, prompt: 'a fox', n: 2 });
    expect(charged()).toMatchObject({ quota: 20_000n });
  });

  it.each([
    [{}, 20_000n],
    [{ size: 'auto' }, 20_000n],
    [{ size: '1024x1024', quality: 'hd' }, 40_000n],
    [{ size: '1792x1024', quality: 'hd' }, 60_000n],
    [{ n: 2 }, 40_000n],
  ] as const)('charges a picture by its size and quality: %j', async (asked, quota) => {
    upstream.behave(pictures('n' in asked ? 2 : 1));
    const body = { model: BY_PICTURE, prompt: 'a fox', ...asked } as OpenAI.ImageGenerateParamsNonStreaming;
    const answer = await client.images.generate(body);
    expect(answer.data?.[0]?.b64_json).toBe('AA==');
    expect(charged()).toMatchObject({ quota, endpoint: '/v1/images/generations', overshoot_quota: 0n });
    expect(charged()?.image_size).toBe('size' in asked && asked.size !== 'auto' ? asked.size : undefined);
  });

  it.each([
    { batch_size: 2 },
    { num_images: 2 },
    { sequential_image_generation: 'auto' },
    { sequential_image_generation: 'auto', sequential_image_generation_options: { max_images: 2 } },
  ])('charges every picture of several that are asked for in other words: %j', async (asked) => {
    upstream.behave(pictures(2));
    const body = { model: BY_PICTURE, prompt: 'a fox', ...asked } as OpenAI.ImageGenerateParamsNonStreaming;
    await client.images.generate(body);
    expect(charged()).toMatchObject({ quota: 40_000n, overshoot_quota: 0n });
  });

  it('charges tokens as they are reported', async () => {
    const usage = {
      input_tokens: 50,
      output_tokens: 100,
      input_tokens_details: { text_tokens: 10, image_tokens: 40 },
    };
    upstream.behave(pictures(1, { usage }));
    await client.images.generate({ model: BY_TOKEN, prompt: 'a fox' });
    // 2.5 × (10 + 40 × 2 + 100 × 8)
    expect(charged()).toMatchObject({ quota: 2_225n, basis: 'reported', usage: { images: 1 } });
  });

  it('passes an error of upstream on, and charges nothing for it', async () => {
    upstream.behave(answerJson('{"error":{"message":"unsafe","type":"image_generation_user_error"}}', 400));
    await expect(client.images.generate({ model: BY_PICTURE, prompt: 'a fox' })).rejects.toMatchObject({
      status: 400,
    });
    expect(charged()).toBeUndefined();
  });

  it('refuses more pictures than the balance carries, and pictures in pieces', async () => {
    const many = client.images.generate({ model: BY_PICTURE, prompt: 'a fox', size: '1792x1024', n: 16 });
    await expect(many).rejects.toMatchObject({ status: 402, code: 'insufficient_quota' });
    const streamed = client.images.generate({ model: BY_TOKEN, prompt: 'a fox', stream: true });
    await expect(streamed).rejects.toMatchObject({ status: 400, param: 'stream' });
  });
});
