import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEvent } from '../../support/events.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const setup = { actor: 'service-key:1', requestId: 'setup' };
const NOW = new Date();
let world: PeopleServer;
let browser: Browser;
let externalUserId: string;
beforeAll(async () => {
  world = await startPeopleServer();
  browser = await world.registered('ann');
  externalUserId = (await browser.call('GET', '/api/user/self')).body.data.external_user_id;
});
afterAll(() => world.close());

const issue = async (body: object, headers = {}) => browser.call('POST', '/api/user/keys', body, headers);
const list = async (query = '') => (await browser.call('GET', `/api/user/keys${query}`)).body.data;
const accessKey = (secret: string) =>
  world.ledger.readModels.accessKey(world.ledger.keyring.hashAccessKey(secret));

describe('access keys', () => {
  it('show their secret once, and what they may do', async () => {
    const limits = { quota_limit: 1000, models: ['gpt-*'], allow_ips: ['10.0.0.0/8'], group: 'default' };
    const made = await issue({ name: 'laptop', expires_in_days: 30, ...limits });
    expect(made.status).toBe(200);
    const { token_id, access_key, expires_at } = made.body.data;
    expect(access_key).toMatch(/^sk-/);
    expect(expires_at - NOW.getTime() / 1000).toBeCloseTo(30 * 86_400, -2);
    const [row] = (await list()).keys;
    // Of one's own group: it follows when that changes.
    expect(row).toMatchObject({ ...limits, group: null, token_id, name: 'laptop', state: 'exhausted' });
    expect(row).toMatchObject({ used_quota: 0, remain_quota: 0, last_used_at: null, expires_at });
    expect(JSON.stringify(await list())).not.toContain(access_key);
    expect(await accessKey(access_key)).toMatchObject({ tokenId: token_id });
    expect(await world.ledger.events('token-issued')).toMatchObject([
      { by: expect.stringMatching(/^account:/) },
    ]);
  });

  it('are the same for a request that is repeated under one key', async () => {
    const once = { 'Idempotency-Key': 'k-1' };
    const first = await issue({ name: 'twice' }, once);
    const again = await issue({ name: 'twice' }, once);
    expect(again.body.data).toEqual(first.body.data);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await issue({ name: 'other' }, once)).body.code).toBe('idempotency_conflict');
  });

  it.each([
    [{}, 'name'],
    [{ name: 'x', quota_limit: 0 }, 'quota_limit'],
    [{ name: 'x', expires_in_days: 4000 }, 'expires_in_days'],
    [{ name: 'x', allow_ips: ['nowhere'] }, 'allow_ips.0'],
    [{ name: 'x', models: 'all' }, 'models'],
  ])('are not made of %j', async (body, field) => {
    const before = await world.ledger.head();
    const { status, body: answer } = await issue(body);
    expect([status, answer.errors?.[0]?.field]).toEqual([400, field]);
    expect(await world.ledger.head()).toBe(before);
  });

  it('are at the prices of no other group, whichever way that is asked for', async () => {
    const meta = { actor: 'cli', requestId: 'test' };
    const prices = {
      prices: [],
      groups: [
        { name: 'default', ratio: '1' },
        { name: 'vip', ratio: '0.1' },
      ],
    };
    await world.ledger.commands.publishPriceList(prices, meta);
    const made = await issue({ name: 'cheap', group: 'vip' });
    expect([made.status, made.body.code]).toEqual([403, 'group_not_allowed']);
    const { token_id } = (await issue({ name: 'plain' })).body.data;
    const changed = await browser.call('PATCH', `/api/user/keys/${token_id}`, { group: 'vip' });
    expect([changed.status, changed.body.code]).toEqual([403, 'group_not_allowed']);
    const none = await browser.call('PATCH', `/api/user/keys/${token_id}`, { group: '' });
    expect(none.body.data).toMatchObject({ group: null });
  });

  it('are changed, switched off and on, given another secret and deleted, each before the answer', async () => {
    const { token_id, access_key } = (await issue({ name: 'old', quota_limit: 5 })).body.data;
    const change = async (body: object) => browser.call('PATCH', `/api/user/keys/${token_id}`, body);
    expect((await change({ name: 'new', quota_limit: '' })).body.data).toMatchObject({
      name: 'new',
      quota_limit: null,
    });
    expect((await change({ state: 'disabled' })).body.data).toMatchObject({ state: 'disabled', name: 'new' });
    expect(await accessKey(access_key)).toMatchObject({ disabled: true });
    expect((await change({ state: 'enabled' })).body.data).toMatchObject({ state: 'exhausted' });
    expect((await change({ state: 'gone' })).body.errors[0].field).toBe('state');
    const reset = await browser.call('POST', `/api/user/keys/${token_id}/reset`);
    expect(reset.body.data).toMatchObject({ token_id, name: 'new' });
    expect(await accessKey(access_key)).toBeUndefined();
    expect(await accessKey(reset.body.data.access_key)).toMatchObject({ tokenId: token_id });
    expect((await browser.call('DELETE', `/api/user/keys/${token_id}`)).body.data).toEqual({ token_id });
    expect(await accessKey(reset.body.data.access_key)).toMatchObject({ revoked: true });
    expect((await list()).keys.map((key: { token_id: number }) => key.token_id)).not.toContain(token_id);
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/reset'],
    ] as const) {
      const gone = await browser.call(method, `/api/user/keys/${token_id}${path}`, {});
      expect([method, gone.status, gone.body.code]).toEqual([method, 404, 'token_not_found']);
    }
  });

  it('tell when they were last used, also where the last thing was a correction of an older charge', async () => {
    const made = await Promise.all([issue({ name: 'used' }), issue({ name: 'idle' })]);
    const [used, idle] = made.map(({ body }) => body.data.token_id as number);
    const account = await world.ledger.readModels.account(externalUserId);
    const owner = {
      account_id: account?.accountId ?? '',
      user_id: account?.userId ?? 0,
      token_id: used ?? 0,
    };
    const charge = anEvent('consumption-recorded', { ...owner, quota: 40n });
    await world.ledger.commands.creditPayment(
      { externalUserId, amountUsd: '1', paymentId: 'pi_used' },
      setup,
    );
    await world.ledger.given(charge);
    const of = async (id: number | undefined) =>
      (await list()).keys.find((key: { token_id: number }) => key.token_id === id);
    const first = await of(used);
    expect(first).toMatchObject({ used_quota: 40, used_usd: '0.00008', state: 'enabled' });
    expect(Math.abs(first.last_used_at - Date.now() / 1000)).toBeLessThan(60);
    const { call_id } = charge.data;
    await world.ledger.given(
      anEvent('consumption-corrected', {
        ...owner,
        call_id,
        quota_before: 40n,
        quota: 30n,
        difference: -10n,
      }),
    );
    expect(await of(used)).toMatchObject({ used_quota: 30, last_used_at: first.last_used_at });
    expect(await of(idle)).toMatchObject({ used_quota: 0, last_used_at: null });
  });

  it('are listed page by page, the newest first', async () => {
    const other = await world.registered('pat');
    for (const name of ['a', 'b', 'c']) await other.call('POST', '/api/user/keys', { name });
    const page = async (query: string) => (await other.call('GET', `/api/user/keys?${query}`)).body.data;
    const names = ({ keys }: { keys: { name: string }[] }) => keys.map(({ name }) => name);
    const first = await page('limit=2');
    expect([names(first), first.total, first.total_capped]).toEqual([['c', 'b'], 3, false]);
    const rest = await page(`limit=2&cursor=${first.next_cursor}`);
    expect([names(rest), rest.next_cursor]).toEqual([['a'], null]);
    for (const query of ['limit=0', 'limit=201', 'cursor=x', 'min_position=-1'])
      expect((await other.call('GET', `/api/user/keys?${query}`)).status).toBe(400);
  });
});

describe('a key of a moment', () => {
  it('lives for ten minutes, spends a dollar at most, and is in no list', async () => {
    const before = (await list()).total;
    const { body } = await browser.call('POST', '/api/user/keys/ephemeral');
    expect(body.data).toMatchObject({ name: 'Playground', quota_limit: 500_000 });
    expect(Math.abs(body.data.expires_at - Date.now() / 1000 - 600)).toBeLessThan(30);
    expect(await accessKey(body.data.access_key)).toMatchObject({
      limits: { models: [], group: null, quota_limit: 500_000n },
    });
    expect((await list()).total).toBe(before);
    const less = await browser.call('POST', '/api/user/keys/ephemeral', { quota_limit: 5 });
    expect(less.body.data).toMatchObject({ quota_limit: 5 });
    const more = await browser.call('POST', '/api/user/keys/ephemeral', { quota_limit: 500_001 });
    expect(more.body.errors[0]).toMatchObject({ field: 'quota_limit', rule: 'max' });
  });
});
