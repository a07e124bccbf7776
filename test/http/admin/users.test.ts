import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../../src/domain/operator/roles.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

let world: AdminServer;
const meta = { actor: 'service-key:1', requestId: 'setup' };
const secrets: string[] = [];
beforeAll(async () => {
  world = await startAdminServer();
  const { commands } = world.ledger;
  const { price } = await import('../support/catalogue.js');
  const groups = ['default', 'vip'].map((name) => ({ name, ratio: '1' }));
  await commands.publishPriceList({ prices: [price('m', '1', '1')], groups }, meta);
  for (const [externalUserId, username] of [
    ['shop/1', 'Ann'],
    ['shop/2', 'ben_%'],
    ['other', 'cat'],
  ] as const) {
    await commands.syncAccount({ externalUserId, username, email: `${username}@example.com` }, meta);
    await commands.creditPayment(
      { externalUserId, amountUsd: '10', paymentId: `pi_${externalUserId}` },
      meta,
    );
    const issued = await commands.issueToken(
      {
        externalUserId,
        tokenName: `key of ${username}`,
        expiresInDays: 30,
        quotaLimit: null,
        models: [],
        allowIps: [],
        group: null,
      },
      meta,
    );
    if (issued.ok) secrets.push(issued.value.accessKey ?? '');
  }
  await world.ledger.readModels.waitFor(await world.ledger.head(), 10_000);
});
afterAll(() => world.close());

const call = async (
  method: string,
  path: string,
  body?: unknown,
  role: Role = 'admin',
  headers?: Record<string, string>,
) => {
  const reply = await world.call(await world.as(role), method, path, body, headers);
  for (const secret of secrets) expect(reply.text).not.toContain(secret);
  return reply;
};
const names = async (query: string) =>
  (await call('GET', `/users?${query}`)).body.data.users.map(
    ({ username }: { username: string }) => username,
  );

describe('users', () => {
  it('are found by number, by the beginning of their id and by a part of their name, page by page', async () => {
    expect(await names('')).toEqual(['Ann', 'ben_%', 'cat']);
    expect(await names('q=shop/')).toEqual(['Ann', 'ben_%']);
    expect(await names('q=aN')).toEqual(['Ann']);
    expect(await names('q=%25')).toEqual(['ben_%']);
    expect(await names('group=vip')).toEqual([]);
    const first = (await call('GET', '/users?limit=2')).body.data;
    expect(first.users).toHaveLength(2);
    const second = (await call('GET', `/users?limit=2&after=${first.next_after}`)).body.data;
    expect([second.users.length, second.next_after]).toEqual([1, null]);
    expect(await names(`q=${first.users[0].user_id}`)).toContain('Ann');
    expect((await call('GET', '/users?limit=1000')).status).toBe(400);
  });

  it('are shown with what is known of the person only to who may know it', async () => {
    const shown = async (role: Role) =>
      (await call('GET', '/users/shop%2F1', undefined, role)).body.data as { personal: unknown };
    expect(await shown('operator')).toMatchObject({
      username: 'Ann',
      current_quota: 5_000_000,
      current_balance: 10,
      personal: { email: 'Ann@example.com' },
      keys: 1,
    });
    expect((await shown('auditor')).personal).toBeNull();
    expect((await shown('finance')).personal).toBeNull();
    expect((await call('GET', '/users/nobody')).body.code).toBe('account_not_found');
  });

  it('are suspended, reinstated and put into another group, each with who did it', async () => {
    const suspended = await call('POST', '/users/shop%2F1/suspend', { reason: 'fraud' }, 'operator');
    expect(suspended.body.data.status).toBe('suspended');
    expect(await names('status=suspended')).toEqual(['Ann']);
    expect((await call('POST', '/users/shop%2F1/suspend', {})).body.errors).toMatchObject([
      { field: 'reason', rule: 'required' },
    ]);
    const reinstated = await call('POST', '/users/shop%2F1/reinstate', { reason: 'cleared' });
    expect(reinstated.body.data.status).toBe('enabled');
    expect((await call('POST', '/users/shop%2F1/group', { group: 'vip' })).body.data.group).toBe('vip');
    expect((await call('POST', '/users/shop%2F1/group', { group: 'none' })).body.code).toBe(
      'group_not_found',
    );
    expect(await world.ledger.events('account-suspended')).toMatchObject([
      { reason: 'fraud', by: 'operator:operator' },
    ]);
    expect(await world.ledger.events('account-group-changed')).toMatchObject([{ by: 'operator:admin' }]);
  });

  it('have their balance corrected once for each id, never below zero', async () => {
    const adjust = (body: object, headers = {}) =>
      call('POST', '/users/shop%2F2/adjust', { reason: 'mistake', ...body }, 'finance', headers);
    const given = await adjust({ amount_usd: '0.02', adjustment_id: 'a1' });
    expect(given.body.data).toMatchObject({ quota: 10_000, current_quota: 5_010_000 });
    const again = await adjust({ amount_usd: 0.02, adjustment_id: 'a1' });
    expect([again.headers.get('idempotency-replayed'), again.body.data.current_quota]).toEqual([
      'true',
      5_010_000,
    ]);
    expect((await adjust({ amount_usd: 3, adjustment_id: 'a1' })).body.code).toBe('adjustment_conflict');
    const taken = await adjust({ amount_usd: -10 }, { 'Idempotency-Key': 'a2' });
    expect(taken.body.data).toMatchObject({ adjustment_id: 'a2', quota: -5_000_000, current_quota: 10_000 });
    expect((await adjust({ amount_usd: -1, adjustment_id: 'a3' })).body).toMatchObject({
      code: 'adjustment_exceeds_balance',
      details: { needed: 500_000, available: 10_000 },
    });
    expect(await world.ledger.events('balance-adjusted')).toMatchObject([
      { quota: '10000', by: 'operator:finance' },
      { quota: '-5000000', by: 'operator:finance' },
    ]);
  });

  it.each([
    [{ amount_usd: 1, reason: 'x' }, 'adjustment_id'],
    [{ amount_usd: 0, reason: 'x', adjustment_id: 'b' }, 'amount_usd'],
    [{ amount_usd: '1.1234567', reason: 'x', adjustment_id: 'b' }, 'amount_usd'],
    [{ amount_usd: 1, adjustment_id: 'b' }, 'reason'],
  ])('a correction %j lacks %s', async (body, field) => {
    const { status, body: answer } = await call('POST', '/users/other/adjust', body);
    expect([status, answer.errors[0].field]).toEqual([400, field]);
  });

  it('are erased: the money stays, the person is gone', async () => {
    const erased = await call('POST', '/users/other/erase', { reason: 'asked' });
    expect(erased.body.data).toMatchObject({ status: 'erased', personal: null, current_quota: 5_000_000 });
    expect(await names('status=erased')).toEqual(['']);
    const keys = await call('GET', '/keys?external_user_id=other');
    expect(keys.body.data.keys).toMatchObject([{ status: 'revoked' }]);
  });
});

describe('access keys', () => {
  it('are listed by how often their calls were hung up on: none yet', async () => {
    expect((await call('GET', '/keys/hang-ups?days=30')).body.data).toEqual({ hang_ups: [] });
    expect((await call('GET', '/keys/hang-ups?days=0')).status).toBe(400);
  });

  const search = async (query: string) => (await call('GET', `/keys?${query}`)).body.data.keys;

  it('are found by mask, name and user, and never shown', async () => {
    const [key] = await search('q=key of ANN');
    expect(key).toMatchObject({ external_user_id: 'shop/1', status: 'enabled', username: 'Ann' });
    expect(await search(`q=${secrets[1]?.slice(-4)}`)).toMatchObject([{ external_user_id: 'shop/2' }]);
    expect(await search('external_user_id=shop/1')).toHaveLength(1);
  });

  it('are disabled, enabled and revoked whoever they belong to', async () => {
    const [{ token_id }] = await search('external_user_id=shop/1');
    const on = async (action: string, body?: object) =>
      (await call('POST', `/keys/${token_id}/${action}`, body)).body;
    expect((await on('disable', { reason: 'looked at' })).data.status).toBe('disabled');
    expect((await on('disable', { reason: 'x'.repeat(501) })).code).toBe('invalid_request');
    expect(await search('status=disabled')).toHaveLength(1);
    expect((await on('enable')).data.status).toBe('enabled');
    expect((await on('revoke', { reason: 'leaked' })).data.status).toBe('revoked');
    expect((await on('enable')).code).toBe('token_not_found');
    expect((await call('POST', '/keys/999/revoke')).body.code).toBe('token_not_found');
    const [by, id] = ['operator:admin', token_id];
    expect(await world.ledger.events('token-disabled')).toEqual([{ token_id: id, reason: 'looked at', by }]);
    expect(await world.ledger.events('token-enabled')).toEqual([{ token_id: id, by }]);
    expect(await world.ledger.events('token-revoked')).toContainEqual({ token_id: id, reason: 'leaked', by });
  });
});

describe('a test mail', () => {
  it('is queued in the language that was asked for, and listed with how it stands', async () => {
    const admin = await world.as('admin');
    for (const [to, language] of [
      ['ops@example.com', 'en'],
      ['yunwei@example.com', undefined],
    ] as const)
      expect(await world.call(admin, 'POST', '/mails/test', { to, language })).toMatchObject({ status: 200 });
    const { mails } = (await world.call(admin, 'GET', '/mails')).body.data;
    expect(mails).toMatchObject([
      { kind: 'test', to: 'yunwei@example.com', subject: '测试邮件', state: 'kept' },
      { kind: 'test', to: 'ops@example.com', subject: 'A test', state: 'kept' },
    ]);
  });

  it.each([[{}], [{ to: '' }], [{ to: 'nobody' }], [{ to: 'a@example.com', language: 'fr' }]])(
    'of %j is refused, and nothing is queued',
    async (body) => {
      const admin = await world.as('admin');
      const listed = async () => (await world.call(admin, 'GET', '/mails')).body.data;
      const before = await listed();
      const refused = await world.call(admin, 'POST', '/mails/test', body);
      expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
      expect(await listed()).toEqual(before);
    },
  );
});
