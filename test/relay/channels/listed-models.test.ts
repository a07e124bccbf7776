import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ListedModels } from '../../../src/relay/channels/health/listed-models.js';
import type { OpenChannel } from '../../../src/relay/upstreams/channel.js';
import { channel, KEY, price, startWorld, type World } from '../support/relay-world.js';
import { answerJson, startTestUpstream, type TestUpstream } from '../support/test-upstream.js';

const list = (...ids: readonly string[]) => answerJson(JSON.stringify({ data: ids.map((id) => ({ id })) }));

describe('the list of models of a key', () => {
  let upstream: TestUpstream;
  let world: World;
  beforeEach(async () => {
    upstream = await startTestUpstream(list('up-b', 'up-a', 'other', 'gpt-test'));
  });
  afterEach(async () => {
    expect(world.observed.faults).toEqual([]);
    await world.close();
    await upstream.close();
  });
  const start = async (prices: readonly string[], models: string[]) => {
    world = await startWorld({
      prices: prices.map((model) => price(model)),
      channels: [
        channel('one', upstream.url, { models }),
        channel('two', upstream.url, { models: ['gpt-test'] }),
      ],
    });
  };
  const names = async (path = '/v1/models', headers: Record<string, string> = {}) => {
    const answer = await fetch(world.url + path, { headers: { authorization: `Bearer ${KEY}`, ...headers } });
    const { data } = (await answer.json()) as { data: { id: string }[] };
    return data.map(({ id }) => id);
  };

  it('has what upstream lists behind a wildcard and a price covers, asked for once', async () => {
    await start(['gpt-test', 'up-*'], ['*']);
    expect(await names()).toEqual(['gpt-test', 'up-a', 'up-b']);
    expect(await names()).toEqual(['gpt-test', 'up-a', 'up-b']);
    expect(upstream.seen.map(({ url }) => url)).toEqual(['/v1/models']);
  });

  it('has of those only what the channel’s own wildcard covers', async () => {
    await start(['*'], ['up-a*']);
    expect(await names()).toEqual(['gpt-test', 'up-a']);
  });

  it('asks no upstream where each price names its model', async () => {
    await start(['gpt-test'], ['*']);
    expect(await names()).toEqual(['gpt-test']);
    expect(upstream.seen).toEqual([]);
  });

  it('is what is known here where upstream has none', async () => {
    await start(['gpt-test', 'up-*'], ['*']);
    upstream.behave(answerJson('{}', 404));
    expect(await names()).toEqual(['gpt-test']);
    expect(await names()).toEqual(['gpt-test']);
    expect(upstream.seen).toHaveLength(1);
  });
});

describe('models behind wildcards', () => {
  const open = (models: string[]): OpenChannel =>
    ({ channelId: 'one', keys: [{}], settings: { base_url: 'https://up.example', models } }) as never;

  it('are asked for again after ten minutes, and those known before stay while upstream is away', async () => {
    let nowMs = 1_000;
    const answers: { outcome: 'answered' | 'failed'; models: string[] }[] = [
      { outcome: 'answered', models: ['a', 'b'] },
      { outcome: 'failed', models: [] },
      { outcome: 'answered', models: ['c'] },
    ];
    let asked = 0;
    const listed = new ListedModels({
      ask: async () => answers[asked++] ?? { outcome: 'failed', models: [] },
      now: () => nowMs,
    });
    expect(await listed.behind([open(['*'])])).toEqual(['a', 'b']);
    nowMs += 599_000;
    expect(await listed.behind([open(['*'])])).toEqual(['a', 'b']);
    nowMs += 2_000;
    expect(await listed.behind([open(['*'])])).toEqual(['a', 'b']);
    expect(asked).toBe(2);
    nowMs += 121_000;
    expect(await listed.behind([open(['*'])])).toEqual(['c']);
    listed.retain([]);
    nowMs += 1;
    expect(await listed.behind([open(['*'])])).toEqual([]);
  });
});
