import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LEDGER_ID } from '../../support/events.js';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';

const PASSWORD = 'correct horse battery';
let world: AdminServer;
let token: string;
beforeEach(async () => {
  world = await startAdminServer();
  token = world.ledger.keyring.hashSecret('setup-link', LEDGER_ID);
});
afterEach(() => world.close());

const SAME_SITE = { 'Sec-Fetch-Site': 'same-origin' };
const state = async () => (await world.call(undefined, 'GET', '/setup')).body.data;
const begin = (body: object, headers = SAME_SITE) => world.call(undefined, 'POST', '/setup', body, headers);

describe('the first operator', () => {
  it('is made with the token of the address, is signed in, and the token opens nothing more', async () => {
    expect(await state()).toEqual({ open: true, timezone: 'UTC' });
    const { status, body, headers } = await begin({ token, name: 'alice', password: PASSWORD });
    expect([status, body.data]).toMatchObject([200, { name: 'alice', role: 'admin' }]);
    expect(headers.getSetCookie().join()).toContain('HttpOnly');
    expect(await state()).toMatchObject({ open: false });
    const again = await begin({ token, name: 'mallory', password: PASSWORD });
    expect([again.status, again.body.code]).toEqual([403, 'setup_closed']);
    expect(
      (await world.administration.listOperators()).map(({ name, createdBy }) => [name, createdBy]),
    ).toEqual([['alice', 'setup']]);
  });

  it('is one, however many ask at once', async () => {
    const names = ['a1', 'a2', 'a3', 'a4'];
    const answers = await Promise.all(names.map((name) => begin({ token, name, password: PASSWORD })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 403, 503]).toContain(status);
    expect(await world.administration.listOperators()).toHaveLength(1);
  });

  it.each([
    [{ token: 'x', name: 'alice', password: PASSWORD }, 403, 'setup_closed'],
    [{ name: 'alice', password: PASSWORD }, 400, 'invalid_request'],
  ])('is not made with %j', async (body, status, code) => {
    const answer = await begin(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await state()).toMatchObject({ open: true });
  });

  it('is not made of a name or a password that will not do, or by a page of somebody else', async () => {
    expect((await begin({ token, name: 'alice', password: 'short' })).body.code).toBe('password_unfit');
    expect((await begin({ token, name: 'No Name', password: PASSWORD })).body.code).toBe('operator_invalid');
    const foreign = await begin(
      { token, name: 'alice', password: PASSWORD },
      { 'Sec-Fetch-Site': 'cross-site' },
    );
    expect(foreign.status).toBe(403);
    expect(await state()).toMatchObject({ open: true });
  });
});

it('the checklist says what is done of what a new ledger needs', async () => {
  const admin = await world.as('admin');
  const done = async () =>
    (await world.call(admin, 'GET', '/checklist')).body.data.steps
      .filter((each: { done: boolean }) => each.done)
      .map(({ step }: { step: string }) => step);
  expect(await done()).toEqual([]);
  const { since } = (await world.call(admin, 'GET', '/checklist')).body.data;
  const { operators } = (await world.call(admin, 'GET', '/operators')).body.data;
  const made = operators.map(({ created_at }: { created_at: number }) => created_at);
  expect(Math.floor(Date.parse(since) / 1_000)).toBe(Math.min(...made));
  const meta = { actor: 'service-key:1', requestId: 'setup' };
  await world.ledger.commands.syncAccount({ externalUserId: 'u', username: 'Ann', email: '' }, meta);
  await world.ledger.commands.creditPayment(
    { externalUserId: 'u', paymentId: 'p', amountUsd: '1', note: '' },
    meta,
  );
  await world.ledger.readModels.waitFor(await world.ledger.head(), 60_000);
  expect(await done()).toEqual(['user', 'payment']);
});
