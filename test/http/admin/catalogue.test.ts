import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseBootstrap } from '../../../src/compose/bootstrap.js';
import type { ChannelOptions } from '../../../src/domain/channel/settings.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

let world: AdminServer;
let admin: string;
beforeAll(async () => {
  world = await startAdminServer();
  admin = await world.as('admin');
});
afterAll(() => world.close());
const call = (method: string, path: string, body?: unknown) => world.call(admin, method, path, body);

describe('the price list', () => {
  const prices = [{ model: 'gpt-4o', model_ratio: 1.25, completion_ratio: 4, cache_ratio: '0.5' }];
  const groups = [{ name: 'default', ratio: 1 }];
  const publish = (list: object) => call('POST', '/prices', { base_version: 0, prices, groups, ...list });

  it('is shown before it is published, then published and kept as a version', async () => {
    const dry = await publish({ dry_run: true });
    expect(dry.body.data).toEqual({
      version: 0,
      published: false,
      models: { added: ['gpt-4o'], removed: [], changed: [] },
      groups: { added: ['default'], removed: [], changed: [] },
      recomputed: {
        from: expect.any(Number),
        calls: 0,
        omitted_calls: 0,
        charged_quota: 0,
        recomputed_quota: 0,
        models: [],
      },
    });
    const late = await publish({ dry_run: true, base_version: 7 });
    expect([late.status, late.body.code, late.body.details]).toEqual([
      409,
      'price_list_moved',
      { version: 0 },
    ]);
    expect(await world.ledger.events('price-list-published')).toEqual([]);
    const published = await publish({});
    expect(published.body.data).toMatchObject({ version: 1, published: true });
    expect((await publish({})).headers.get('idempotency-replayed')).toBe('true');
    const shown = (await call('GET', '/prices')).body.data;
    expect(shown).toMatchObject({
      version: 1,
      prices: [{ model: 'gpt-4o', model_ratio: '1.25', completion_ratio: '4', per_call_usd: null }],
      groups: [{ name: 'default', ratio: '1' }],
    });
    const next = { ...shown, base_version: 1, groups: [...shown.groups, { name: 'vip', ratio: '0.5' }] };
    next.prices = [{ ...shown.prices[0], model_ratio: '1.5' }];
    expect((await publish(next)).body.data).toMatchObject({
      version: 2,
      models: { changed: [{ name: 'gpt-4o', fields: { model_ratio: { before: '1.25', after: '1.5' } } }] },
      groups: { added: ['vip'] },
    });
    const versions = (await call('GET', '/prices/versions')).body.data;
    expect(versions).toMatchObject({
      versions: [
        { version: 2, published_by: 'operator:admin', models: 1, groups: 2 },
        { version: 1, groups: 1 },
      ],
      next_before: null,
    });
    expect((await call('GET', '/prices/versions?limit=1')).body.data.next_before).toBe(2);
    expect((await call('GET', '/prices/versions/1')).body.data.prices[0].model_ratio).toBe('1.25');
    expect((await call('GET', '/prices/versions/9')).body.code).toBe('price_version_not_found');
  });

  it('is read as a bootstrap file is, with every field, and reads what it shows', async () => {
    const list = {
      prices: [
        {
          model: 'all-*',
          model_ratio: 1e-7,
          completion_ratio: '4',
          cache_write_1h_ratio: 2,
          reasoning_ratio: 5,
          per_image_usd: 0.04,
          per_search_usd: '0.01',
          tiers: [{ above_prompt_tokens: 128_000, model_ratio: 2 }],
          image_prices: [{ size: '1024x1024', quality: 'high', usd: 0.08 }],
        },
        { model: 'search-only', per_search_usd: 0.002 },
      ],
      groups: [
        { name: 'default' },
        { name: 'vip', ratio: 0.5, special_ratios: [{ user_group: 'vip', model: 'all-*', ratio: 0.25 }] },
      ],
    };
    const { prices: before, groups: groupsBefore, version } = (await call('GET', '/prices')).body.data;
    expect((await publish({ ...list, base_version: version })).status).toBe(200);
    const shown = (await call('GET', '/prices')).body.data;
    const file = parseBootstrap(JSON.stringify(list));
    expect(shown).toMatchObject({ prices: file.prices, groups: file.groups });
    const again = await publish({ ...shown, base_version: shown.version });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const back = { prices: before, groups: groupsBefore, base_version: shown.version };
    expect((await publish(back)).body.data.published).toBe(true);
  });

  it('is not published over one that somebody else has published meanwhile', async () => {
    const { status, body } = await publish({ prices: [], base_version: 1 });
    expect([status, body.code, body.details]).toEqual([409, 'price_list_moved', { version: 4 }]);
  });

  it.each([
    [
      'a model twice',
      { prices: [prices[0], prices[0]], dry_run: true, base_version: 4 },
      'price_list_invalid',
    ],
    ['no price', { prices: [{ model: 'x' }] }, 'invalid_request'],
    ['a misspelt name', { prices: [{ ...prices[0], completion_ration: 3 }] }, 'invalid_request'],
    ['a negative ratio', { groups: [{ name: 'default', ratio: -1 }] }, 'invalid_request'],
  ])('%s is refused', async (_, list, code) => {
    expect((await publish({ base_version: 2, ...list })).body.code).toBe(code);
  });
});

describe('channels', () => {
  const secret = 'sk-upstream-secret-0123456789';
  const put = (body: object, id = 'main') => call('PUT', `/channels/${id}`, body);

  it('are created, changed in part and switched, and their keys are shown masked', async () => {
    const made = await put({
      name: 'Main',
      base_url: 'https://api.example.com/v1',
      keys: [{ secret }],
      models: ['gpt-4o'],
      header_overrides: { 'X-Trace': 'shown' },
      proxy_url: 'http://proxy-user:proxy-word@proxy.example.com:8080',
      max_concurrency: 5,
    });
    expect([made.status, made.body.data]).toMatchObject([
      200,
      {
        channel_id: 'main',
        enabled: true,
        type: 'openai',
        groups: ['default'],
        call_address: 'https://api.example.com/v1/chat/completions',
        keys: [{ key: 'sk-u...6789', disabled: null }],
        header_overrides: { 'x-trace': 'shown' },
        proxy_credentials: true,
        max_concurrency: 5,
      },
    ]);
    const changed = await put({
      priority: 3,
      max_concurrency: 0,
    });
    expect(changed.body.data).toMatchObject({
      name: 'Main',
      priority: 3,
      max_concurrency: null,
      keys: made.body.data.keys,
      header_overrides: { 'x-trace': 'shown' },
      proxy_credentials: true,
    });
    expect((await put({ priority: 3 })).status).toBe(200);
    const stored = await world.ledger.events('channel-configured');
    expect(stored).toHaveLength(2);
    expect(stored[1]).toMatchObject({ by: 'operator:admin' });
    const off = await call('POST', '/channels/main/disable', { reason: 'maintenance' });
    expect(off.body.data).toMatchObject({
      enabled: false,
      disabled: { reason: 'maintenance', automatic: false },
    });
    expect((await call('POST', '/channels/main/enable')).body.data.enabled).toBe(true);
    const [{ id }] = made.body.data.keys;
    const keyOff = await call('POST', `/channels/main/keys/${id}/disable`, { reason: 'leaked' });
    expect(keyOff.body.data.keys).toMatchObject([{ disabled: { reason: 'leaked' } }]);
    const list = await call('GET', '/channels');
    for (const { text } of [made, changed, off, keyOff, list])
      expect(text).not.toMatch(/upstream-secret|proxy-word|"box"/);
  });

  it('do not give their keys to who may change them: elsewhere they go only when they are said again', async () => {
    const operator = await world.as('operator');
    const change = (body: object) => world.call(operator, 'PUT', '/channels/main', body);
    const moved = { base_url: 'https://listener.example.net/v1' };
    const refused = await change(moved);
    expect([refused.status, refused.body.code]).toEqual([400, 'channel_invalid']);
    expect(refused.text).toContain('their secrets are needed again');
    expect((await call('GET', '/channels/main')).body.data.base_url).toBe('https://api.example.com/v1');
    const said = await change({ ...moved, keys: [{ secret: 'sk-another-secret-0123456789' }] });
    expect(said.body.data).toMatchObject({ ...moved, keys: [{ key: 'sk-a...6789' }] });
  });

  it('are the same channel, said in a file or in a request, with all that can be said and with the least', async () => {
    const least: Partial<ChannelOptions> = {
      name: 'Least',
      base_url: 'https://api.example.com/v1',
      models: ['gpt-4o'],
    };
    const most: ChannelOptions = {
      name: 'Most',
      base_url: 'https://api.example.com/v1',
      models: ['gpt-4o'],
      type: 'azure-openai',
      endpoints: { chat: 'https://api.example.com/v1', messages: 'https://other.example.com/anthropic/v1' },
      auth: { messages: 'bearer' },
      conversion: { from: ['messages', 'chat'], on_loss: 'refuse', quirks: ['file_parts'] },
      model_mapping: { 'gpt-4o': 'deployed' },
      groups: ['default', 'vip'],
      priority: -3,
      weight: 7,
      test_model: 'gpt-4o',
      health_check_interval_seconds: 60,
      max_concurrency: 20,
      max_calls_per_minute: 600,
      parameter_overrides: { drop: ['metadata'], default: { top_p: 1 }, set: { user: { of: ['relay'] } } },
      header_overrides: { 'x-title': 'counterfoil' },
      forward_headers: ['x-trace-id'],
      api_version: '2024-10-21',
      allowed_members: ['code', 'stored'],
      region: null,
      oauth: { token_url: 'https://login.example.com/token', client_id: 'client-1', scopes: ['call'] },
      balance: null,
    };
    const listed = [{ name: 'default' }, { name: 'vip' }];
    for (const { groups, ...options } of [least, most]) {
      const file = { groups: listed, channels: [{ ...options, group: groups, api_key: secret }] };
      const [read] = parseBootstrap(JSON.stringify(file)).channels;
      const made = await put({ ...options, groups, keys: [{ secret }] }, read?.id);
      const { group, ...said } = { ...read, id: undefined, secrets: undefined };
      expect(made.body.data).toMatchObject(JSON.parse(JSON.stringify({ ...said, groups: group })));
    }
  });

  it.each([
    ['nothing of a new one', 'other', {}, 'channel_invalid'],
    ['an id with a capital', 'Main', {}, 'invalid_request'],
    ['another scheme', 'main', { base_url: 'file:///etc/passwd' }, 'invalid_request'],
    ['a header with credentials', 'main', { header_overrides: { authorization: 'x' } }, 'channel_invalid'],
    ['a key that is not there', 'main', { keys: [{ id: 'none' }] }, 'channel_invalid'],
  ])('%s is refused', async (_, id, body, code) => {
    expect((await put(body, id)).body.code).toBe(code);
  });

  it.each([
    ['base_url', 'http://169.254.169.254/latest'],
    ['base_url', 'http://[::ffff:10.0.0.1]:8080'],
    ['proxy_url', 'http://10.0.0.1:3128'],
  ])('a private address is refused when it is saved: %s %s', async (field, address) => {
    const before = (await call('GET', '/channels/main')).body.data;
    const keys = [{ secret: 'sk-another-secret-0123456789' }];
    const answer = await put({ [field]: address, keys });
    expect([answer.status, answer.body.code]).toEqual([400, 'channel_invalid']);
    expect(answer.text).toContain(`${field}: the address is private; UPSTREAM_ALLOW_PRIVATE names those`);
    expect((await call('GET', '/channels/main')).body.data).toEqual(before);
  });

  it.each(['GET', 'POST'])('%s of one that is not there is a 404', async (method) => {
    const path = method === 'GET' ? '/channels/none' : '/channels/none/enable';
    expect((await call(method, path)).body.code).toBe('channel_not_found');
  });
});

describe('service keys', () => {
  it('are shown once, work, are listed and revoked, and the log says by whom', async () => {
    const made = (await call('POST', '/service-keys', { name: 'shop', scopes: ['read'] })).body.data;
    const ask = () =>
      world.server.raw('/api/user/external/u1', { headers: { Authorization: `Bearer ${made.key}` } });
    expect((await ask()).status).toBe(404);
    const listed = await call('GET', '/service-keys');
    expect(listed.body.data.service_keys).toMatchObject([{ id: made.id, name: 'shop', revoked_at: null }]);
    expect(listed.text).not.toContain(made.key);
    expect((await call('POST', `/service-keys/${made.id}/revoke`)).body.data).toEqual({ id: made.id });
    expect((await ask()).status).toBe(401);
    const again = await call('POST', `/service-keys/${made.id}/revoke`);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await call('POST', '/service-keys/99/revoke')).body.code).toBe('service_key_not_found');
    expect(await world.ledger.events('service-key-created')).toEqual([
      {
        service_key_id: made.id,
        name: 'shop',
        scopes: ['read'],
        return_origins: [],
        by: 'operator:admin',
      },
    ]);
    expect(await world.ledger.events('service-key-revoked')).toHaveLength(1);
  });
});
