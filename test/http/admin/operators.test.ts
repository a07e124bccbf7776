import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adminEndpoints } from '../../../src/http/routes/admin/route.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const LIMITS = { minUsd: '0.01', maxUsd: '1000' };

let world: AdminServer;
let admin: string;
beforeAll(async () => {
  world = await startAdminServer();
  admin = await world.as('admin');
});
afterAll(() => world.close());
const call = (method: string, path: string, body?: unknown, token = admin) =>
  world.call(token, method, path, body);

const password = 'a first password';

describe('operators', () => {
  it('are created once, are listed without their passwords, and the log says who was allowed what by whom', async () => {
    const request = { name: 'ann', role: 'finance', password };
    const made = await call('POST', '/operators', request);
    expect(made.body.data).toMatchObject({
      name: 'ann',
      role: 'finance',
      enabled: true,
      created_by: 'operator:admin',
    });
    const again = await call('POST', '/operators', request);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    const other = await call('POST', '/operators', { ...request, password: 'another password' });
    expect([other.status, other.body.code]).toEqual([409, 'operator_exists']);
    const listed = await call('GET', '/operators');
    expect(listed.body.data.operators.map(({ name }: { name: string }) => name)).toEqual(['admin', 'ann']);
    for (const { text } of [made, again, listed]) expect(text).not.toMatch(/password|scrypt/);
    expect((await world.ledger.events('operator-created')).at(-1)).toEqual({
      name: 'ann',
      role: 'finance',
      by: 'operator:admin',
    });
  });

  it('lose a role or the login with the next request', async () => {
    const login = () => world.call(undefined, 'POST', '/login', { name: 'ann', password });
    const { token } = (await login()).body.data;
    const may = async () => (await call('GET', '/operators', undefined, token)).status;
    expect(await may()).toBe(403);
    expect((await call('PATCH', '/operators/ann', { role: 'auditor' })).body.data.role).toBe('auditor');
    expect(await may()).toBe(200);
    expect(
      (await call('PATCH', '/operators/ann', { enabled: false, reason: 'left' })).body.data.enabled,
    ).toBe(false);
    expect(await may()).toBe(401);
    expect((await login()).status).toBe(401);
    await call('PATCH', '/operators/ann', { enabled: true });
    expect(await may()).toBe(401);
    expect((await login()).status).toBe(200);
    expect(await world.ledger.events('operator-disabled')).toEqual([
      { name: 'ann', reason: 'left', by: 'operator:admin' },
    ]);
  });

  it('get a new password from an admin, which ends their logins', async () => {
    const { token } = (await world.call(undefined, 'POST', '/login', { name: 'ann', password })).body.data;
    const fresh = { password: 'a second password' };
    expect((await call('POST', '/operators/ann/password', fresh)).status).toBe(200);
    expect((await call('GET', '/me', undefined, token)).status).toBe(401);
    const login = await world.call(undefined, 'POST', '/login', { name: 'ann', ...fresh });
    expect(login.status).toBe(200);
    const again = await call('POST', '/operators/ann/password', fresh);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await call('GET', '/me', undefined, login.body.data.token)).status).toBe(200);
  });

  it.each([
    ['PATCH', '/operators/admin', { enabled: false }, 409, 'operator_self'],
    ['PATCH', '/operators/admin', { role: 'operator' }, 409, 'operator_self'],
    ['PATCH', '/operators/nobody', { role: 'operator' }, 404, 'operator_not_found'],
    ['POST', '/operators/nobody/password', { password }, 404, 'operator_not_found'],
    ['POST', '/operators', { name: 'Ann', role: 'admin', password }, 400, 'invalid_request'],
    ['POST', '/operators', { name: 'ben', role: 'king', password }, 400, 'invalid_request'],
    ['POST', '/operators', { name: 'ben', role: 'admin', password: 'short' }, 400, 'password_unfit'],
  ])('%s %s %j is answered %i %s', async (method, path, body, status, code) => {
    const reply = await call(method, path, body);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
  });
});

describe('settings', () => {
  it('show what is in force, the default and who changed it', async () => {
    const limits = { global: { concurrent_calls: 5 }, groups: { vip: { requests_per_minute: 0 } } };
    const before = world.administration.refreshed();
    const changed = await call('PUT', '/settings/limits', { value: limits });
    expect(changed.body.data).toMatchObject({ value: limits, default: {}, changed_by: 'operator:admin' });
    expect(world.administration.refreshed()).toBe(before + 1);
    expect(
      (await call('PUT', '/settings/limits', { value: limits })).headers.get('idempotency-replayed'),
    ).toBe('true');
    expect((await call('GET', '/settings')).body.data.settings).toMatchObject([
      { key: 'limits', value: limits },
      { key: 'hold_policy', value: 'clamp', changed_by: null, changed_at: null },
      { key: 'registration', value: { open: true, verify_email: true }, changed_by: null },
      { key: 'sign_in', changed_by: null },
      { key: 'payments', changed_by: null },
      { key: 'operator_second_factor', value: 'optional', changed_by: null },
      { key: 'identity_providers', value: [], changed_by: null },
      { key: 'alerts', value: { rules: {}, receivers: {} }, changed_by: null },
      { key: 'portal', value: { name: 'Counterfoil', notice: null, links: [] }, changed_by: null },
      { key: 'sessions', value: { idle_days: 14, operator_idle_minutes: 30 }, changed_by: null },
      { key: 'referrals', value: { part: '0', days: 7 }, changed_by: null },
    ]);
    expect((await call('PUT', '/settings/limits', { reset: true })).body.data.value).toEqual({});
    expect((await world.ledger.events('setting-changed')).map(({ value }) => value)).toEqual([limits, null]);
  });

  it('are for who may move money, or say who logs in, where they are about that', async () => {
    const operator = await world.administration.signIn('by-setting', 'operator');
    const put = (token: string, key: string, body: object) =>
      world.call(token, 'PUT', `/settings/${key}`, body);
    const before = await world.ledger.events('setting-changed');
    for (const [key, permission] of [
      ['payments', 'payments:write'],
      ['referrals', 'payments:write'],
      ['operator_second_factor', 'operators:write'],
    ] as const)
      for (const body of [{ reset: true }, { value: 'optional' }])
        expect((await put(operator, key, body)).body).toMatchObject({
          code: 'forbidden',
          details: { permission },
        });
    expect(await world.ledger.events('setting-changed')).toEqual(before);
    expect((await put(operator, 'hold_policy', { reset: true })).status).toBe(200);
    expect((await call('PUT', '/settings/operator_second_factor', { value: 'optional' })).status).toBe(200);
  });

  it.each([
    ['/settings/limits', { value: { users: {} } }, 'setting_invalid'],
    ['/settings/limits', { value: null }, 'setting_invalid'],
    ['/settings/limits', {}, 'setting_invalid'],
    ['/settings/limits', { value: {}, reset: false }, 'invalid_request'],
    ['/settings/hold_policy', { value: 'perhaps' }, 'setting_invalid'],
    ['/settings/gravity', { value: 1 }, 'invalid_request'],
  ])('%s %j is refused', async (path, body, code) => {
    const reply = await call('PUT', path, body);
    expect([reply.status, reply.body.code]).toEqual([400, code]);
  });

  it('says of each part of a value what is wrong with it', async () => {
    const { settings } = (await call('GET', '/settings')).body.data;
    const { value } = settings.find(({ key }: { readonly key: string }) => key === 'payments');
    const CNY = {
      ...value.currencies.CNY,
      ...{ rate: '0', presets: ['50', '99999999'], tiers: [{ from: 'much', discount: '0.05' }] },
    };
    const wrong = async (changed: object) => {
      const { body } = await call('PUT', '/settings/payments', { value: { ...value, ...changed } });
      return body.errors.map(({ field }: { readonly field: string }) => field);
    };
    const at = (...names: readonly string[]) => names.map((name) => `value.currencies.CNY.${name}`);
    expect(await wrong({ currencies: { CNY } })).toEqual(at('tiers.0.from'));
    expect(await wrong({ currencies: { CNY: { ...CNY, tiers: [] } } })).toEqual(at('rate', 'presets.1'));
    expect(await wrong({ open_most: 'many', hourly_most: 0 })).toEqual([
      'value.open_most',
      'value.hourly_most',
    ]);
    const bank = { instructions: 'Pay us', currencies: ['EUR'] };
    expect(await wrong({ bank })).toEqual(['value.bank.currencies.0']);
  });
});

it('every endpoint has an example of the documented shape', () => {
  for (const { data, example, operationId } of adminEndpoints(LIMITS))
    expect([operationId, data.safeParse(example.data).error]).toEqual([operationId, undefined]);
});
