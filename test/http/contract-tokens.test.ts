import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRealLedger, type RealLedger } from './support/real-ledger.js';
import { type HttpServer, startHttpServer } from './support/http-server.js';

// Access keys and service keys over HTTP, on PostgreSQL.

let ledger: RealLedger;
let server: HttpServer;
beforeAll(async () => {
  ledger = await createRealLedger();
  server = await startHttpServer({ commands: ledger.commands, readModels: ledger.readModels });
  await ledger.commands.publishPriceList(
    { prices: [], groups: ['default', 'vip'].map((name) => ({ name, ratio: '1' })) },
    { actor: 'bootstrap', requestId: 'setup' },
  );
  for (const id of ['owner', 'stranger'])
    await server.call('POST', '/sync', { external_user_id: id, username: id });
  await server.call('POST', '/topup', { external_user_id: 'owner', amount_usd: 10, payment_id: 'p' });
});
afterAll(async () => {
  await server.close();
  await ledger.close();
});

const issue = async (body: object = {}, headers?: Record<string, string>) =>
  server.call('POST', '/token', { external_user_id: 'owner', token_name: 'My API Token', ...body }, headers);
const shown = async (id: number) =>
  (await server.call('GET', '/owner/stats')).body.data.tokens.find(
    (token: { id: number }) => token.id === id,
  );
const known = (key: string) => ledger.readModels.accessKey(ledger.keyring.hashAccessKey(key));
const inDays = (days: number) => Math.floor(Date.now() / 1000) + days * 86_400;

describe('POST /token', () => {
  it("creates a key that spends the user's live balance, and shows it once", async () => {
    const { status, body } = await issue({ expires_in_days: 30 });
    expect([status, body.success, body.message]).toEqual([200, true, 'Token创建成功']);
    const { token_id: id, access_key: key } = body.data;
    expect(key).toMatch(/^sk-[A-Za-z0-9_-]{20,}$/);
    expect(body.data).toMatchObject({
      token_id: expect.any(Number),
      token_name: 'My API Token',
      remain_quota: 5000000,
    });
    expect(Math.abs(body.data.expires_at - inDays(30))).toBeLessThan(60);
    expect(await known(key)).toMatchObject({ tokenId: id, revoked: false });

    const stats = await server.call('GET', '/owner/stats');
    expect(stats.text).not.toContain(key.slice(8, -5));
    const random = key.slice(3);
    expect((await shown(id)).key).toBe(`sk-${random.slice(0, 4)}...${random.slice(-4)}`);

    await server.call('POST', '/topup', { external_user_id: 'owner', amount_usd: 1, payment_id: 'later' });
    expect((await shown(id)).remain_quota).toBe(5500000);
  });

  it.each([
    [undefined, 365],
    [0, 365],
    [1, 1],
    [3650, 3650],
  ])('expires_in_days %s is %d days', async (sent, days) => {
    const { body } = await issue({ expires_in_days: sent });
    expect(Math.abs(body.data.expires_at - inDays(days))).toBeLessThan(60);
  });

  it('with a quota_limit echoes the nearer of limit and balance', async () => {
    expect((await issue({ quota_limit: 1000 })).body.data.remain_quota).toBe(1000);
    expect((await issue({ quota_limit: 9_000_000_000 })).body.data.remain_quota).toBe(5500000);
  });

  it('for an unknown user or group is a 404', async () => {
    const user = await issue({ external_user_id: 'nobody' });
    expect([user.status, user.body.message]).toEqual([404, '用户不存在']);
    const group = await issue({ group: 'no-such-group' });
    expect([group.status, group.body.code, group.body.details]).toEqual([
      404,
      'group_not_found',
      { group: 'no-such-group' },
    ]);
    expect((await issue({ group: 'vip' })).status).toBe(200);
  });

  it('under one Idempotency-Key makes one key, shown again to a retry; another request under it is a conflict', async () => {
    const headers = { 'Idempotency-Key': 'issue-1' };
    const first = await issue({}, headers);
    const again = await issue({}, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await issue({ token_name: 'other' }, headers);
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
  });
});

describe('PATCH /token', () => {
  it('changes what it names and keeps the rest', async () => {
    const { token_id } = (await issue({ models: ['gpt-4'], quota_limit: 100 })).body.data;
    const change = async (body: object) =>
      server.call('PATCH', '/token', { external_user_id: 'owner', token_id, ...body });
    const disabled = await change({ status: 2 });
    expect([disabled.status, disabled.body.message]).toEqual([200, 'Token更新成功']);
    expect(disabled.body.data).toMatchObject({
      id: token_id,
      status: 2,
      models: ['gpt-4'],
      quota_limit: 100,
    });
    expect((await change({ status: 1, token_name: '新名' })).body.data).toMatchObject({
      status: 1,
      name: '新名',
    });
    const limits = await change({
      quota_limit: '',
      models: [],
      allow_ips: ['10.0.0.0/8'],
      expires_in_days: 10,
    });
    expect(limits.body.data).toMatchObject({ quota_limit: null, models: [], allow_ips: ['10.0.0.0/8'] });
    expect(Math.abs(limits.body.data.expired_time - inDays(10))).toBeLessThan(60);
    expect(await shown(token_id)).toEqual(limits.body.data);
  });
});

describe('POST /token/reset', () => {
  it('gives the same token a new key; the old one is dead before the answer', async () => {
    const first = (await issue()).body.data;
    const reply = await server.call('POST', '/token/reset', {
      external_user_id: 'owner',
      token_id: first.token_id,
    });
    expect([reply.status, reply.body.message, reply.body.data.token_id]).toEqual([
      200,
      'Token重置成功',
      first.token_id,
    ]);
    expect(reply.body.data.access_key).not.toBe(first.access_key);
    expect(await known(first.access_key)).toBeUndefined();
    expect(await known(reply.body.data.access_key)).toMatchObject({ tokenId: first.token_id });
  });
});

describe('DELETE /token', () => {
  it('kills the key before the answer', async () => {
    const { token_id, access_key } = (await issue()).body.data;
    const reply = await server.call('DELETE', '/token', { external_user_id: 'owner', token_id });
    expect([reply.status, reply.body]).toEqual([
      200,
      { success: true, message: 'Token删除成功', data: { token_id, external_user_id: 'owner' } },
    ]);
    expect((await known(access_key))?.revoked ?? true).toBe(true);
    expect(await shown(token_id)).toBeUndefined();
  });

  it.each([
    ['DELETE', '/token', {}],
    ['PATCH', '/token', { status: 2 }],
    ['POST', '/token/reset', {}],
  ])(
    '%s %s of an unknown, foreign or deleted token is the same 404, of an unknown user one of its own, and changes nothing',
    async (method, path, extra) => {
      const { token_id } = (await issue()).body.data;
      const gone = (await issue()).body.data.token_id;
      await server.call('DELETE', '/token', { external_user_id: 'owner', token_id: gone });
      const before = await ledger.head();
      for (const [user, id] of [
        ['owner', 999_999],
        ['stranger', token_id],
        ['owner', -1],
        ['owner', gone],
        ['owner', Number.MAX_SAFE_INTEGER],
      ]) {
        const reply = await server.call(method, path, { external_user_id: user, token_id: id, ...extra });
        expect([user, id, reply.status, reply.body.code, reply.body.message]).toEqual([
          user,
          id,
          404,
          'token_not_found',
          'Token不存在或无权删除',
        ]);
      }
      const nobody = { external_user_id: 'nobody', token_id, ...extra };
      const { status, body } = await server.call(method, path, nobody);
      expect([status, body.code, body.message]).toEqual([404, 'account_not_found', '用户不存在']);
      expect(await ledger.head()).toBe(before);
    },
  );
});

describe('service keys of the operator', () => {
  it('work by scope until they are revoked, several at a time', async () => {
    const guarded = await startHttpServer({
      commands: ledger.commands,
      readModels: ledger.readModels,
      auth: { mode: 'key', keys: ledger.serviceKeys },
    });
    try {
      const full = await ledger.serviceKeys.create('shop', ['users', 'topups', 'tokens', 'read']);
      const reader = await ledger.serviceKeys.create('dashboard', ['read']);
      const as = (key: string, method: string, path: string, body?: object) =>
        guarded.call(method, path, body, { Authorization: `Bearer ${key}` });
      expect((await as(full.key, 'GET', '/owner')).status).toBe(200);
      expect((await as(reader.key, 'GET', '/owner')).status).toBe(200);
      const pay = { external_user_id: 'owner', amount_usd: 1, payment_id: 'by-reader' };
      expect((await as(reader.key, 'POST', '/topup', pay)).status).toBe(403);
      expect((await as('cfs_guess', 'POST', '/topup', pay)).status).toBe(401);
      expect((await as(full.key, 'POST', '/topup', pay)).status).toBe(200);
      const credit = (await ledger.events('payment-credited')).find(
        ({ payment_id: id }) => id === 'by-reader',
      );
      expect(credit?.by).toBe(`service-key:${full.id}`);
    } finally {
      await guarded.close();
    }
  });
});
