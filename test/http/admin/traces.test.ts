import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileAllowedAddresses } from '../../../src/relay/access/allowed-addresses.js';
import { createOperatorTraces } from '../../../src/stores/operator-traces.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';
import { PASSWORD } from '../support/administration.js';

const START = '2026-11-21T10:00:00Z';
const DAY_MS = 86_400_000;

let world: AdminServer;
let address: string | undefined = '203.0.113.7';
const clockMs = Date.parse(START);
beforeAll(async () => {
  world = await startAdminServer(() => new Date(clockMs), {
    addressOf: () => address,
    adminAddresses: compileAllowedAddresses(['203.0.113.0/24', '2001:db8::/32']),
  });
});
afterAll(() => world.close());

const login = (name: string, password = PASSWORD) =>
  world.call(undefined, 'POST', '/login', { name, password });
const traces = async (query = '') => {
  const { status, body } = await world.call(await world.as('admin'), 'GET', `/traces?limit=200&${query}`);
  expect(status).toBe(200);
  return body.data.traces as Record<string, unknown>[];
};
const from = async <Result>(other: string | undefined, run: () => Promise<Result>): Promise<Result> => {
  address = other;
  try {
    return await run();
  } finally {
    address = '203.0.113.7';
  }
};

describe('what operators do and are refused', () => {
  it('is kept with name, address block and reason, and the same within an hour counts', async () => {
    await world.administration.signIn('ann', 'auditor');
    const { token } = (await login('ann')).body.data;
    await login('ann', 'wrong-wrong-wrong');
    await login('ann', 'wrong-wrong-wrong');
    const body = { amount_usd: 1, reason: 'x', adjustment_id: 'a' };
    expect((await world.call(token, 'POST', '/users/u1/adjust', body)).status).toBe(403);
    expect((await world.call('nonsense', 'GET', '/users')).status).toBe(401);
    const rows = await traces();
    const at = { address_block: '203.0.113.7', first_at: clockMs / 1000, last_at: clockMs / 1000 };
    const inLogin = { ...at, name: 'ann', route: 'POST /api/admin/login' };
    expect(rows).toContainEqual({ id: expect.any(Number), kind: 'login', reason: '', times: 1, ...inLogin });
    expect(rows).toContainEqual({
      id: expect.any(Number),
      kind: 'login-failed',
      reason: 'login_failed',
      times: 2,
      ...inLogin,
    });
    const route = 'POST /api/admin/users/{external_user_id}/adjust';
    expect(await traces('kind=refused&name=ann')).toMatchObject([
      { ...at, reason: 'forbidden users:adjust', route, times: 1 },
    ]);
    expect(rows).toContainEqual({
      ...at,
      id: expect.any(Number),
      kind: 'refused',
      name: '',
      reason: 'unauthorized',
      route: 'GET /api/admin/users',
      times: 1,
    });
  });

  it('of IPv6 is kept by the /64 that a line has', async () => {
    await from('2001:db8:1:2:3:4:5:6', () => login('ann', 'wrong-wrong-wrong'));
    expect(await traces('address_block=2001:db8:1:2::/64')).toMatchObject([{ kind: 'login-failed' }]);
  });

  it('keeps no password that was typed into the place of the name, and no names of what is not looked at', async () => {
    await from('203.0.113.9', async () => {
      await login('My Secret Passphrase!', 'x');
      for (let attempt = 0; attempt < 40; attempt++) await login(`guess${attempt}`, 'x');
    });
    const rows = await traces('address_block=203.0.113.9');
    expect(JSON.stringify(rows)).not.toContain('Secret');
    expect(rows).toContainEqual(expect.objectContaining({ name: '', reason: 'too_many_logins', times: 11 }));
    expect(rows.length).toBeLessThan(40);
  });

  it('is forgotten after ninety days', async () => {
    const store = createOperatorTraces(world.ledger.pool);
    const before = (await traces()).length;
    expect(await store.purge(new Date(clockMs + 90 * DAY_MS))).toBe(0);
    expect(await store.purge(new Date(clockMs + 90 * DAY_MS + 1))).toBe(before);
  });

  it('is for those who may see who may log in', async () => {
    const roles = ['admin', 'auditor', 'finance', 'operator'] as const;
    const answers = roles.map(
      async (role) => (await world.call(await world.as(role), 'GET', '/traces')).status,
    );
    expect(await Promise.all(answers)).toEqual([200, 200, 403, 403]);
  });
});

describe('the addresses of operators', () => {
  it('are the only ones that get an answer, to a login too; others are kept as refused', async () => {
    const token = await world.as('admin');
    const ask = () => world.call(token, 'GET', '/users');
    for (const elsewhere of ['198.51.100.1', '::1', undefined]) {
      expect((await from(elsewhere, ask)).body.code).toBe('address_not_allowed');
      expect((await from(elsewhere, () => login('ann'))).body.code).toBe('address_not_allowed');
    }
    expect((await ask()).status).toBe(200);
    expect((await from('2001:db8::1', ask)).status).toBe(200);
    expect(await traces('kind=refused&address_block=198.51.100.1')).toMatchObject([
      { reason: 'address_not_allowed', route: 'GET /api/admin/users' },
      { reason: 'address_not_allowed', route: 'POST /api/admin/login' },
    ]);
  });
});
