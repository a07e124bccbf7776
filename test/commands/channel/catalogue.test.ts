import { describe, expect, it } from '@jest/globals';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import type { ChannelKeyInput, ConfigureChannel } from '../../../src/commands/channel/commands.js';
import { CHANNEL_KEY_PURPOSE, CHANNEL_PROXY_PURPOSE } from '../../../src/support/keyring.js';
import { plainChannel } from '../../support/channel.js';
import { createCommandWorld } from '../../support/command-world.js';

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
    base_url: 'https://api.example.com/v1',
    ...plainChannel,
    models: ['a'],
    model_mapping: { a: 'b', c: 'd' } as Record<string, string>,
    test_model: null,
  },
  keys: [{ secret: 'upstream-secret' }] as ChannelKeyInput[],
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
    expect(await world.events('price-list-published')).toHaveLength(2);
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
    expect((await world.log()).map(({ type }) => typeOfStored(type))).toEqual([
      'channel-configured',
      'channel-enabled',
    ]);
    expect(JSON.stringify((await world.log()).map(({ data }) => data))).not.toContain('upstream-secret');
    const settings = { ...channel.settings, model_mapping: { c: 'd', a: 'b' } };
    await world.commands.configureChannel({ ...channel, settings }, meta);
    expect(await world.log()).toHaveLength(2);
    await world.commands.configureChannel(
      { ...channel, keys: [{ secret: 'new-secret' }], enabled: false },
      meta,
    );
    expect((await world.log()).slice(2).map(({ type }) => typeOfStored(type))).toEqual([
      'channel-configured',
      'channel-disabled',
    ]);
    const [, last] = await world.events('channel-configured');
    const sealed = last?.type === 'channel-configured' ? last.data.settings.keys[0]?.sealed : undefined;
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
    expect(await world.events('channel-disabled')).toMatchObject([
      { data: { reason: 'down', by: 'bootstrap' } },
    ]);
  });

  it('keeps the id and the state of a key that is said again, in any order, and names others by the id alone', async () => {
    const world = createCommandWorld();
    const { commands } = world;
    const configure = (...keys: ChannelKeyInput[]) => commands.configureChannel({ ...channel, keys }, meta);
    await configure({ secret: 'one' }, { secret: 'two' });
    const idsOf = async () => {
      const last = (await world.events('channel-configured')).at(-1);
      return last?.type === 'channel-configured' ? last.data.settings.keys.map(({ id }) => id) : [];
    };
    const [one = '', two = ''] = await idsOf();
    const refused = { channelId: 'main', keyId: one, enabled: false, reason: 'refused', automatic: true };
    await commands.setChannelKeyEnabled(refused, { ...meta, actor: 'system' });
    expect(await world.events('channel-key-disabled')).toMatchObject([
      { data: { key_id: one, automatic: true, by: 'system' } },
    ]);
    const before = await world.log();
    await configure({ secret: 'one' }, { secret: 'two' });
    expect(await world.log()).toHaveLength(before.length);
    await configure({ id: two }, { secret: 'three' }, { id: one, enabled: true });
    expect(await idsOf()).toMatchObject([two, expect.any(String), one]);
    const last = (await world.events('channel-configured')).at(-1);
    expect(last).toMatchObject({
      data: { settings: { keys: [{ disabled: null }, { disabled: null }, { disabled: null }] } },
    });
    expect(await configure({ id: 'unknown' })).toMatchObject({ refusal: { code: 'channel_invalid' } });
  });

  it.each<[string, Partial<ConfigureChannel['settings']>, string | null | undefined]>([
    ['another host', { base_url: 'https://listener.example.net/v1' }, undefined],
    ['another port', { base_url: 'https://api.example.com:8443/v1' }, undefined],
    ['no encryption', { base_url: 'http://api.example.com/v1' }, undefined],
    ['another path of a gateway', { base_url: 'https://api.example.com/elsewhere/v1' }, undefined],
    ['another proxy', {}, 'http://listener.example.net:3128'],
    ['no proxy', {}, null],
    ['an endpoint', { endpoints: { messages: 'https://x.example.net/v1' } }, undefined],
    [
      'a header that a gateway goes by',
      { header_overrides: { 'x-target-url': 'https://x.example.net' } },
      undefined,
    ],
    ['one header less', { header_overrides: {} }, undefined],
    [
      'an endpoint that gives tokens',
      { oauth: { token_url: 'https://x.example.net/token', client_id: '', scopes: [] } },
      undefined,
    ],
    ["a client's header", { forward_headers: ['x-trace-id', 'x-target-url'] }, undefined],
  ])('sends no key that is not said again to %s', async (_, changed, proxyUrl) => {
    const world = createCommandWorld();
    const { commands } = world;
    const options = { header_overrides: { 'x-title': 'relay' }, forward_headers: ['x-trace-id'] };
    const there = { ...channel, settings: { ...channel.settings, ...options } };
    const proxy = 'http://proxy.example.com:3128';
    const one = { secret: 'one' };
    const configured = { ...there, keys: [one, { secret: 'two' }], proxyUrl: proxy };
    await commands.configureChannel(configured, meta);
    const log = await world.log();
    const id = world.dependencies.keyring.fingerprintOf('two');
    const moved = { ...there, settings: { ...there.settings, ...changed }, proxyUrl };
    const detail = expect.stringMatching(/^keys: their secrets are needed again/);
    for (const keys of [[{ id }], [one, { id }]])
      expect(await commands.configureChannel({ ...moved, keys }, meta)).toMatchObject({
        refusal: { code: 'channel_invalid', detail },
      });
    expect(await world.log()).toEqual(log);
    expect(await commands.configureChannel({ ...moved, keys: configured.keys }, meta)).toMatchObject({
      ok: true,
    });
    expect(await world.log()).toHaveLength(log.length + 1);
  });

  it('asks for no secret where calls go where they went', async () => {
    const { commands } = createCommandWorld();
    await commands.configureChannel(channel, meta);
    const settings = { ...channel.settings, base_url: 'https://API.example.com/v1/', priority: 9 };
    const id = createCommandWorld().dependencies.keyring.fingerprintOf('upstream-secret');
    expect(await commands.configureChannel({ ...channel, settings, keys: [{ id }] }, meta)).toMatchObject({
      ok: true,
    });
  });

  it('seals what the address of a proxy carries, and keeps the proxy where nothing is said of it', async () => {
    const world = createCommandWorld();
    const { commands, dependencies } = world;
    const proxyUrl = 'http://user:p%40ss@proxy.example.com:3128';
    await commands.configureChannel({ ...channel, proxyUrl }, meta);
    await commands.configureChannel({ ...channel, proxyUrl }, meta);
    await commands.configureChannel(channel, meta);
    const [configured, ...more] = await world.events('channel-configured');
    expect(more).toHaveLength(0);
    expect(JSON.stringify(configured?.data)).not.toMatch(/p%40ss|p@ss/);
    if (configured?.type !== 'channel-configured') throw new Error('not configured');
    const { proxy_url, sealed_proxy_credentials: sealed } = configured.data.settings;
    expect(proxy_url).toBe('http://proxy.example.com:3128/');
    expect(sealed && dependencies.keyring.open(sealed, CHANNEL_PROXY_PURPOSE)).toBe('user:p@ss');
  });
});
