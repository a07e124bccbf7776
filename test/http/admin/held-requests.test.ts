import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';
import { PASSWORD } from '../support/administration.js';
import { holdRequest } from '../support/held-request.js';

// The head of a request is sent, its body held back, the right to act taken away; then the body comes.

let world: AdminServer;
beforeAll(async () => {
  world = await startAdminServer();
});
afterAll(() => world.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const meta = { actor: 'operator:root', requestId: 'test' };
const login = async (name: string) =>
  (await world.call(undefined, 'POST', '/login', { name, password: PASSWORD })).body.data.token as string;

/** Sends the head and waits until it was judged, and found good. */
async function held(token: string, method: string, path: string, body: object | string = {}) {
  const judged = jest.spyOn(world.administration.auth, 'find');
  const request = holdRequest(
    `${world.server.url}/api/admin${path}`,
    method,
    { Authorization: `Bearer ${token}` },
    typeof body === 'string' ? body : JSON.stringify(body),
  );
  await eventually(() => judged.mock.results.length > 0);
  expect(await judged.mock.results[0]?.value).toBeDefined();
  return request;
}

const disable = async (name: string) => {
  const result = await world.administration.operators.disable({ name, reason: 'left' }, meta);
  if (!result.ok) throw new Error(result.refusal.code);
  expect(await world.ledger.readModels.waitFor(result.position, 10_000)).toBe(true);
};

describe('what an operator may do is judged again when the body has come', () => {
  it('no token is renewed after a logout', async () => {
    await world.administration.signIn('ann', 'auditor');
    const token = await login('ann');
    const renewal = await held(token, 'POST', '/renew');
    await world.call(token, 'POST', '/logout');
    expect(await renewal.release()).toEqual({ status: 401, code: 'unauthorized' });
  });

  it('no token is renewed after a change of the password', async () => {
    await world.administration.signIn('ben', 'auditor');
    const token = await login('ben');
    const renewal = await held(token, 'POST', '/renew');
    const change = { current_password: PASSWORD, new_password: 'another password' };
    expect((await world.call(token, 'POST', '/password', change)).status).toBe(200);
    expect((await renewal.release()).status).toBe(401);
  });

  it('a disabled operator suspends nobody', async () => {
    const account = await world.ledger.commands.syncAccount(
      { externalUserId: 'u1', username: 'u1', email: 'u1@example.com' },
      meta,
    );
    if (!account.ok) throw new Error(account.refusal.code);
    await world.ledger.readModels.waitFor(account.position, 10_000);
    const token = await world.administration.signIn('cat', 'operator');
    const suspension = await held(token, 'POST', '/users/u1/suspend', { reason: 'a whim' });
    await disable('cat');
    expect((await suspension.release()).status).toBe(401);
    expect(await world.ledger.events('account-suspended')).toEqual([]);
  });

  it('nor is a file of theirs reconciled', async () => {
    const token = await world.administration.signIn('dan', 'finance');
    const judged = jest.spyOn(world.administration.auth, 'find');
    const request = holdRequest(
      `${world.server.url}/api/audit/reconcile/psp?file=a.csv&from=2026-11-01&to=2026-11-30`,
      'POST',
      { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' },
      'id\n1\n',
    );
    await eventually(() => judged.mock.results.length > 0);
    await disable('dan');
    expect((await request.release()).status).toBe(401);
  });
});

describe('a renewed token', () => {
  it('is of the session that was presented: one that was ended meanwhile does not come back', async () => {
    await world.administration.signIn('eve', 'auditor');
    const presented = await world.administration.auth.find(await login('eve'));
    if (!presented) throw new Error('not signed in');
    await world.administration.auth.logout('eve');
    await expect(world.administration.auth.renew(presented)).rejects.toMatchObject({
      failure: { status: 401, code: 'login_failed' },
    });
  });
});

describe('what a service key may do is judged again when the body has come', () => {
  it('a revoked one credits nothing', async () => {
    const { key, id } = await world.ledger.serviceKeys.create('shop', ['users', 'topups']);
    const judged = jest.spyOn(world.ledger.serviceKeys, 'find');
    const topup = holdRequest(
      `${world.server.url}/api/user/external/topup`,
      'POST',
      { Authorization: `Bearer ${key}` },
      JSON.stringify({ external_user_id: 'u1', amount_usd: 10, payment_id: 'p1' }),
    );
    await eventually(() => judged.mock.results.length > 0);
    expect(await judged.mock.results[0]?.value).toMatchObject({ id });
    expect(await world.ledger.serviceKeys.revoke(id)).toBe(true);
    expect(await topup.release()).toEqual({ status: 401, code: 'unauthorized' });
    expect(await world.ledger.events('payment-credited')).toEqual([]);
  });
});
