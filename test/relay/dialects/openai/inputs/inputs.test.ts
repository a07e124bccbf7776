import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LLMock } from '@copilotkit/aimock';
import type OpenAI from 'openai';
import { price, type World } from '../../../support/relay-world.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../../../support/test-upstream.js';
import { MODEL, startSdkWorld } from '../sdk-world.js';

describe('embeddings and moderations with the openai SDK', () => {
  const mock = new LLMock({ port: 0 });
  let world: World;
  let client: OpenAI;
  beforeAll(async () => {
    mock.onEmbedding('hello', { embedding: [0.25, -0.5] });
    mock.onModerate('bad', { flagged: true, categories: { violence: true } });
    await mock.start();
    ({ world, client } = await startSdkWorld(`${mock.url}/v1`));
  });
  afterAll(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await mock.stop();
  });

  it('embeds', async () => {
    const answer = client.embeddings.create({ model: MODEL, input: 'hello', encoding_format: 'float' });
    const { data, response } = await answer.withResponse();
    expect(data.data[0]?.embedding).toEqual([0.25, -0.5]);
    // This upstream reports that nothing was used, which cannot be of a text.
    expect(response.headers.get('x-counterfoil-charge')).toBe('1');
    expect(world.settlement.charges.at(-1)).toMatchObject({ endpoint: '/v1/embeddings', basis: 'counted' });
  });

  it('moderates with the model upstream takes by itself; free where its price is 0', async () => {
    const { results } = await client.moderations.create({ input: 'bad' });
    expect(results[0]?.flagged).toBe(true);
    expect(world.settlement.charges.at(-1)).toMatchObject({
      model: 'omni-moderation-latest',
      endpoint: '/v1/moderations',
      quota: 0n,
    });
  });
});

describe('inputs in shapes that no mock answers', () => {
  let upstream: TestUpstream;
  let world: World;
  let client: OpenAI;
  beforeEach(async () => {
    upstream = await startTestUpstream(answerJson('{}'));
    ({ world, client } = await startSdkWorld(upstream.url));
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });
  const charged = () => world.settlement.charges.at(-1);
  const results = [{ index: 1, relevance_score: 0.9 }];
  const rerank = (more: object = {}) =>
    client.post<{ results: unknown }>('/rerank', {
      body: { model: MODEL, query: 'fox', documents: ['a dog', 'the fox'], top_n: 1, ...more },
    });

  it.each([
    ['Jina', { results, usage: { total_tokens: 12 } }],
    ['Voyage', { data: results, usage: { total_tokens: 12 } }],
    ['Cohere through others', { results, meta: { tokens: { input_tokens: 12, output_tokens: 0 } } }],
  ])('reranks in the shape of %s', async (_who, answer) => {
    upstream.behave(answerJson(JSON.stringify(answer)));
    expect(await rerank()).toEqual(answer);
    expect(charged()).toMatchObject({
      endpoint: '/v1/rerank',
      basis: 'reported',
      usage: { prompt_tokens: 12 },
    });
  });

  it('counts query and documents where upstream reports no tokens', async () => {
    upstream.behave(answerJson(JSON.stringify({ results, meta: { billed_units: { search_units: 1 } } })));
    await rerank();
    expect(charged()).toMatchObject({ basis: 'counted', usage: { prompt_tokens: 5 } });
  });

  it('charges rerank by the search where its price says so, as upstream bills it or as its documents take', async () => {
    const by = (search_units: unknown, more: object = {}) => {
      upstream.behave(
        answerJson(JSON.stringify({ results, meta: { billed_units: { search_units }, ...more } })),
      );
      return rerank({ model: 'by-search', documents: Array.from({ length: 101 }, () => 'a dog') });
    };
    world.state.catalogue = {
      ...world.state.catalogue,
      prices: [
        ...world.state.catalogue.prices,
        price('by-search', { model_ratio: '0', per_search_usd: '0.002' }),
      ],
      channels: world.state.catalogue.channels.map((each) => ({
        ...each,
        settings: { ...each.settings, models: [...each.settings.models, 'by-search'] },
      })),
    };
    await world.relay.refreshCatalogue();
    await by(3);
    expect(charged()).toMatchObject({ quota: 3_000n, usage: { searches: 3 } });
    await by(2, { tokens: { input_tokens: 12 } });
    expect(charged()).toMatchObject({
      quota: 2_000n,
      basis: 'reported',
      usage: { prompt_tokens: 12, searches: 2 },
    });
    // Nothing, or nothing that can be true: as many as the documents take.
    for (const unsaid of [undefined, -1, 'many', 1e9]) {
      await by(unsaid);
      expect(charged()).toMatchObject({ quota: 2_000n, basis: 'estimate', usage: { searches: 2 } });
    }
    await by(-1, { tokens: { input_tokens: 12 } });
    expect(charged()).toMatchObject({ quota: 2_000n, basis: 'estimate', usage: { searches: 2 } });
    expect(world.observed.refused).toHaveLength(1);
    expect(charged()?.overshoot_quota).toBe(0n);
  });

  it('charges embeddings for their input', async () => {
    const usage = { prompt_tokens: 8, total_tokens: 8 };
    upstream.behave(
      answerJson(JSON.stringify({ object: 'list', data: [{ index: 0, embedding: [1] }], usage })),
    );
    await client.embeddings.create({ model: MODEL, input: ['a', 'b'], encoding_format: 'float' });
    expect(charged()).toMatchObject({ quota: 10n, basis: 'reported', usage: { completion_tokens: 0 } });
  });

  it('embeds token numbers, counting each as one where upstream reports nothing', async () => {
    upstream.behave(answerJson(JSON.stringify({ object: 'list', data: [{ index: 0, embedding: [1] }] })));
    const input = [
      [464, 2068],
      [7586, 21831, 100264],
    ];
    await client.embeddings.create({ model: MODEL, input, encoding_format: 'float' });
    expect(charged()).toMatchObject({ basis: 'counted', usage: { prompt_tokens: 5, completion_tokens: 0 } });
  });

  it('counts each text by itself where upstream reports nothing: where one ends and the next begins, nothing is joined', async () => {
    upstream.behave(answerJson(JSON.stringify({ object: 'list', data: [{ index: 0, embedding: [1] }] })));
    await client.embeddings.create({ model: MODEL, input: ['a', 'b', 'c'], encoding_format: 'float' });
    expect(charged()).toMatchObject({ basis: 'counted', usage: { prompt_tokens: 3 } });
  });

  it('an answer that is none costs nothing', async () => {
    await expect(rerank()).rejects.toMatchObject({ status: 502, code: 'upstream_unavailable' });
    await expect(rerank({ documents: [] })).rejects.toMatchObject({ status: 400, param: 'documents' });
    expect(charged()).toBeUndefined();
  });
});
