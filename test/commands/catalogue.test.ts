import { describe, expect, it } from '@jest/globals';
import { CHANNEL_KEY_PURPOSE } from '../../src/support/keyring.js';
import { createCommandWorld } from '../support/command-world.js';

const meta = { actor: 'bootstrap', requestId: 'request-1' };
const price = (model: string, model_ratio = '1') => ({
  model,
  model_ratio,
  completion_ratio: '1',
  cache_ratio: '1',
  cache_write_ratio: '1',
  per_call_usd: null,
  max_output_tokens: 4096,
});
const groups = [{ name: 'default', ratio: '1' }];
const channel = {
  channelId: 'main',
  settings: {
    name: 'Main',
    type: 'openai' as const,
    base_url: 'https://api.example.com/v1',
    models: ['a'],
    model_mapping: { a: 'b', c: 'd' } as Record<string, string>,
    groups: ['default'],
    priority: 0,
    weight: 1,
    test_model: null,
  },
  apiKey: 'upstream-secret',
  enabled: true,
};

describe('publishPriceList', () => {
  it('numbers its versions, and publishes nothing when the list says the same in another order', async () => {
    const world = createCommandWorld();
    const { commands } = world;
    const prices = [price('a'), price('b')];
    expect(await commands.publishPriceList({ prices, groups }, meta)).toMatchObject({
      value: { version: 1 },
    });
    const same = await commands.publishPriceList({ prices: [price('b'), price('a')], groups }, meta);
    expect(same).toMatchObject({ value: { version: 1 }, replayed: true });
    const changed = await commands.publishPriceList({ prices: [price('b'), price('a', '2')], groups }, meta);
    expect(changed).toMatchObject({ value: { version: 2 }, replayed: false });
    expect(await world.events('price-list-published.v1')).toHaveLength(2);
  });

  it.each([
    ['a model twice', { prices: [price('a'), price('a')], groups }],
    ['a group twice', { prices: [], groups: [...groups, ...groups] }],
    ['a ratio that is no decimal', { prices: [price('a', '1e3')], groups }],
    ['a negative ratio', { prices: [], groups: [{ name: 'default', ratio: '-1' }] }],
    [
      'more than an event can carry',
      { prices: Array.from({ length: 4000 }, (_, n) => price(`m-${n}`)), groups },
    ],
  ])('refuses %s', async (_, list) => {
    const world = createCommandWorld();
    const { commands } = world;
    const result = await commands.publishPriceList(list, meta);
    expect(result).toMatchObject({ ok: false, refusal: { code: 'price_list_invalid' } });
    expect(await world.log()).toHaveLength(0);
  });
});

describe('configureChannel', () => {
  it('seals the key, says whether the channel is enabled, and appends nothing when nothing differs', async () => {
    const world = createCommandWorld();
    await world.commands.configureChannel(channel, meta);
    expect((await world.log()).map(({ type }) => type)).toEqual([
      'channel-configured.v1',
      'channel-enabled.v1',
    ]);
    expect(JSON.stringify((await world.log()).map(({ data }) => data))).not.toContain('upstream-secret');
    const settings = { ...channel.settings, model_mapping: { c: 'd', a: 'b' } };
    await world.commands.configureChannel({ ...channel, settings }, meta);
    expect(await world.log()).toHaveLength(2);
    await world.commands.configureChannel({ ...channel, apiKey: 'new-secret', enabled: false }, meta);
    expect((await world.log()).slice(2).map(({ type }) => type)).toEqual([
      'channel-configured.v1',
      'channel-disabled.v1',
    ]);
    const [, last] = await world.events('channel-configured.v1');
    const sealed = last?.type === 'channel-configured.v1' ? last.data.settings.sealed_api_key : undefined;
    expect(sealed && world.dependencies.keyring.open(sealed, CHANNEL_KEY_PURPOSE)).toBe('new-secret');
  });

  it.each([
    ['an id with a slash', { channelId: '../x' }],
    ['another scheme', { settings: { ...channel.settings, base_url: 'file:///etc/passwd' } }],
    ['no models', { settings: { ...channel.settings, models: [] } }],
  ])('refuses %s', async (_, fault) => {
    const { commands } = createCommandWorld();
    expect(await commands.configureChannel({ ...channel, ...fault }, meta)).toMatchObject({
      refusal: { code: 'channel_invalid' },
    });
  });

  it('switches a channel that there is', async () => {
    const world = createCommandWorld();
    const { commands } = world;
    const off = { channelId: 'main', enabled: false, reason: 'down' };
    expect(await commands.setChannelEnabled(off, meta)).toMatchObject({
      refusal: { code: 'channel_not_found' },
    });
    await commands.configureChannel(channel, meta);
    await commands.setChannelEnabled(off, meta);
    await commands.setChannelEnabled(off, meta);
    expect(await world.events('channel-disabled.v1')).toMatchObject([
      { data: { reason: 'down', by: 'bootstrap' } },
    ]);
  });
});
