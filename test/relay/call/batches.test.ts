import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

/** Where providers take calls that are answered after hours, at prices of their own, and what those calls are made of. */
const addresses: readonly (readonly [
  dialect: 'openai' | 'anthropic' | 'gemini',
  method: string,
  path: string,
])[] = [
  ['openai', 'POST', '/v1/batches'],
  ['openai', 'GET', '/v1/batches'],
  ['openai', 'GET', '/v1/batches/batch_1'],
  ['openai', 'POST', '/v1/batches/batch_1/cancel'],
  ['openai', 'POST', '/v1/batches/'],
  ['openai', 'POST', '/batches'],
  ['openai', 'POST', '/openai/v1/batches'],
  ['openai', 'POST', '/v1/files'],
  ['openai', 'GET', '/v1/files/file-1/content'],
  ['openai', 'POST', '/v1/uploads'],
  ['openai', 'POST', '/v1/fine_tuning/jobs'],
  ['openai', 'POST', '/v1/chat/completions/batches'],
  ['openai', 'POST', '/v1/responses/resp_1'],
  ['anthropic', 'POST', '/v1/messages/batches'],
  ['anthropic', 'GET', '/v1/messages/batches'],
  ['anthropic', 'GET', '/v1/messages/batches/msgbatch_1'],
  ['anthropic', 'GET', '/v1/messages/batches/msgbatch_1/results'],
  ['anthropic', 'POST', '/v1/messages/batches/msgbatch_1/cancel'],
  ['anthropic', 'DELETE', '/v1/messages/batches/msgbatch_1'],
  ['anthropic', 'POST', '/v1/messages/batches?beta=true'],
  ['anthropic', 'POST', '/anthropic/v1/messages/batches'],
  ['gemini', 'POST', '/v1beta/models/m:batchGenerateContent'],
  ['gemini', 'POST', '/v1beta/models/m:asyncBatchEmbedContent'],
  ['gemini', 'POST', '/v1/models/m:batchGenerateContent'],
  ['gemini', 'GET', '/v1beta/batches/1'],
  ['gemini', 'POST', '/v1beta/batches/1:cancel'],
  ['gemini', 'POST', '/v1beta/files'],
  ['gemini', 'POST', '/upload/v1beta/files'],
  ['gemini', 'POST', '/v1beta/cachedContents'],
  ['gemini', 'POST', '/v1beta/models/m:predictLongRunning'],
];

/** What each dialect's clients read of it. */
const notThere = {
  openai: { error: { type: 'invalid_request_error', message: expect.any(String) } },
  anthropic: { type: 'error', error: { type: 'not_found_error', message: expect.any(String) } },
  gemini: { error: { code: 404, status: 'NOT_FOUND', message: expect.any(String) } },
};

describe('a batch', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeAll(async () => {
    upstream = await startTestUpstream((answer) => void answer.end('{}'));
    world = await startWorld({
      channels: (['openai', 'anthropic', 'gemini'] as const).map((type) =>
        channel(type, upstream.url, { type, models: ['m'] }),
      ),
      prices: [price('m', { service_tier_ratios: { batch: '0.5' } })],
    });
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
  });

  it.each(addresses)('of %s is not served: %s %s never reaches upstream', async (dialect, method, path) => {
    const answer = await fetch(world.url + path, {
      method,
      headers: {
        authorization: `Bearer ${KEY}`,
        'content-type': 'application/json',
        ...(dialect === 'anthropic' && { 'anthropic-version': '2023-06-01' }),
      },
      ...(method === 'POST' && { body: JSON.stringify({ model: 'm', requests: [{}] }) }),
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject(notThere[dialect]);
    expect(upstream.seen).toHaveLength(0);
    expect(world.settlement.charges).toHaveLength(0);
  });
});
