import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channel, chat, HELLO, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { answerJson, completion, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const bearer = { authorization: `Bearer ${KEY}` };

describe('dialects and kinds of upstream', () => {
  let upstream: TestUpstream;
  let world: World;
  const root = () => new URL(upstream.url).origin;
  const usage = { prompt_tokens: 1, completion_tokens: 1 };
  beforeEach(async () => {
    upstream = await startTestUpstream(answerJson(completion('hi', usage)));
    world = await startWorld({
      prices: ['gpt-test', 'claude-test', 'gpt-azure', 'gpt-deployed'].map((model) => price(model)),
      channels: [
        channel('plain', `${upstream.url}?tenant=7`),
        channel('claude', root(), { type: 'anthropic', models: ['claude-test'] }),
        channel('gemini', root(), { type: 'gemini', models: ['claude-test'] }),
        channel('azure', root(), { type: 'azure-openai', models: ['gpt-azure'] }),
        channel('dated', root(), {
          type: 'azure-openai',
          models: ['gpt-deployed'],
          model_mapping: { 'gpt-deployed': 'my gpt' },
          api_version: '2024-10-21',
        }),
      ],
    });
  });
  afterEach(async () => {
    expect(await world.held()).toBe(0n);
    await world.close();
    await upstream.close();
  });

  it('a model served only in other dialects is refused with their names, and not listed', async () => {
    const response = await chat(world, { ...HELLO, model: 'claude-test' });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string; code: string } };
    expect(error.code).toBe('dialect_not_supported');
    expect(error.message).toContain('anthropic, gemini');
    expect(upstream.seen).toHaveLength(0);
    const list = await fetch(`${world.url}/v1/models`, { headers: bearer });
    const { data } = (await list.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(['gpt-azure', 'gpt-deployed', 'gpt-test']);
  });

  it.each([
    ['gpt-test', '/v1/chat/completions?tenant=7', { authorization: 'Bearer upstream-key-plain' }],
    ['gpt-azure', '/openai/v1/chat/completions', { 'api-key': 'upstream-key-azure' }],
    [
      'gpt-deployed',
      '/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21',
      { 'api-key': 'upstream-key-dated' },
    ],
  ])('%s goes to %s with the channel’s own key', async (model, url, headers) => {
    expect((await chat(world, { ...HELLO, model })).status).toBe(200);
    expect(upstream.seen[0]).toMatchObject({ url, headers });
    expect(JSON.stringify(upstream.seen[0]?.headers)).not.toContain(KEY);
  });

  it.each(['/v1/models', '/v1beta/models'])(
    '%s takes the key with and without Bearer before it',
    async (path) => {
      for (const headers of [{}, { 'anthropic-version': '2023-06-01' }])
        for (const authorization of [`Bearer ${KEY}`, `bearer  ${KEY}`, KEY]) {
          const response = await fetch(world.url + path, { headers: { ...headers, authorization } });
          expect(response.status).toBe(200);
        }
      for (const authorization of [`Basic ${KEY}`, 'Bearer', `Bearer ${KEY} x`]) {
        const response = await fetch(world.url + path, { headers: { authorization } });
        expect(response.status).toBe(401);
      }
    },
  );

  it('a model whose name has a slash can be asked for', async () => {
    world.state.catalogue = {
      ...world.state.catalogue,
      prices: [price('org/gpt')],
      channels: [channel('plain', upstream.url, { models: ['org/gpt'] })],
    };
    await world.relay.refreshCatalogue();
    for (const id of ['org/gpt', 'org%2Fgpt']) {
      const response = await fetch(`${world.url}/v1/models/${id}`, { headers: bearer });
      expect(await response.json()).toMatchObject({ id: 'org/gpt', object: 'model' });
    }
    const other = await fetch(`${world.url}/v1/models/none`, { headers: bearer });
    expect(other.status).toBe(404);
  });

  it('a model that only a wildcard covers can be asked for by whoever may call it', async () => {
    world.state.catalogue = {
      ...world.state.catalogue,
      prices: [price('gpt-*'), price('claude-*')],
      channels: [
        channel('plain', upstream.url, { models: ['*-mini'] }),
        channel('claude', root(), { type: 'anthropic', models: ['claude-*'] }),
      ],
    };
    await world.relay.refreshCatalogue();
    const statusOf = async (model: string, more = {}) =>
      (await fetch(`${world.url}/v1/models/${model}`, { headers: { ...bearer, ...more } })).status;
    expect(await statusOf('gpt-mini')).toBe(200);
    expect(await statusOf('gpt-maxi')).toBe(404);
    expect(await statusOf('other-mini')).toBe(404);
    expect(await statusOf('claude-7')).toBe(404);
    expect(await statusOf('claude-7', { 'anthropic-version': '2023-06-01' })).toBe(200);
    expect(await statusOf(`gpt-${'x'.repeat(300)}-mini`)).toBe(404);
  });

  it('a key may be for models by a pattern', async () => {
    const key = world.state.keys.get(`hash:${KEY}`) as NonNullable<ReturnType<typeof world.state.keys.get>>;
    world.state.keys.set(`hash:${KEY}`, { ...key, limits: { ...key.limits, models: ['gpt-a*', 'other'] } });
    expect((await chat(world, { ...HELLO, model: 'gpt-azure' })).status).toBe(200);
    expect((await chat(world, { ...HELLO, model: 'gpt-test' })).status).toBe(403);
    const list = await fetch(`${world.url}/v1/models`, { headers: bearer });
    expect(await list.json()).toMatchObject({ data: [{ id: 'gpt-azure' }] });
  });

  it('calls are counted under the name of their endpoint, whatever strangers ask for', async () => {
    await chat(world, HELLO);
    await fetch(`${world.url}/v1/secret-${KEY}`);
    expect(world.observed.ends.map(({ endpoint }) => endpoint)).toEqual(['/v1/chat/completions', 'unknown']);
  });
});
