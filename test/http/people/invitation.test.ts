import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer(() => new Date(clockMs));
  await world.administration.signIn('root', 'admin');
});
afterAll(() => world.close());

/** As an operator who signs in for it: days pass here, and a token lives for half an hour. */
const call = async (path: string, body: object = {}, headers: Record<string, string> = {}) => {
  const login = { name: 'root', password: PASSWORD, address: '10.0.0.1' };
  const { token } = await world.administration.auth.login(login);
  return world.server.raw(`/api/admin${path}`, {
    method: 'POST',
    headers: {
      'Accept-Language': 'en',
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
};
const reset = (token: string) =>
  world.browser().call('POST', '/api/auth/password/reset', { token, password: PASSWORD });
const enter = (login: string) =>
  world.browser().call('POST', '/api/auth/login', { login, password: PASSWORD });

describe('a person who is invited', () => {
  it('has an account at once, and a password when the link in the mail was used; the log says who asked', async () => {
    const invited = await call('/users', { username: 'ida', email: 'ida@example.com', language: 'en' });
    expect([invited.status, invited.body.data]).toEqual([
      200,
      { external_user_id: expect.stringMatching(/^self-[0-9a-f-]{36}$/) },
    ]);
    expect((await world.ledger.events('login-opened')).at(-1)).toMatchObject({ by: 'operator:root' });
    const [mail] = await world.mails.list({ limit: 1 });
    expect(mail).toMatchObject({ kind: 'invite', to: 'ida@example.com', subject: 'You are invited' });
    expect((await enter('ida')).body.code).toBe('login_failed');
    // Longer than a link for a lost password.
    pass(2 * DAY);
    expect((await reset(await world.linkTo('ida@example.com'))).status).toBe(200);
    expect((await enter('ida')).body.data).toMatchObject({ username: 'ida', email_verified: true });
  });

  it('is made once for each Idempotency-Key', async () => {
    const person = { username: 'jo', email: 'jo@example.com' };
    const once = await call('/users', person, { 'Idempotency-Key': 'form-1' });
    pass(2 * MINUTE);
    const again = await call('/users', person, { 'Idempotency-Key': 'form-1' });
    expect([again.status, again.body.data]).toEqual([200, once.body.data]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    pass(2 * MINUTE);
    const other = { username: 'jo2', email: 'jo2@example.com' };
    const conflict = await call('/users', other, { 'Idempotency-Key': 'form-1' });
    expect([conflict.status, conflict.body.code]).toEqual([409, 'idempotency_conflict']);
    const names = (await world.ledger.events('account-registered')).filter(
      ({ username }) => username === 'jo',
    );
    expect(names).toHaveLength(1);
  });

  it('is not made of a name or an address that somebody has, and nothing is mailed', async () => {
    const [before] = await world.mails.list({ limit: 1 });
    pass(2 * MINUTE);
    const named = await call('/users', { username: 'ida', email: 'other@example.com' });
    expect([named.status, named.body.code]).toEqual([409, 'username_taken']);
    const addressed = await call('/users', { username: 'ida2', email: 'IDA@example.com' });
    expect([addressed.status, addressed.body.code]).toEqual([409, 'email_taken']);
    const none = await call('/users', { username: 'a@b', email: '' });
    expect(none.body.errors.map(({ field }: { field: string }) => field)).toEqual(['username', 'email']);
    expect((await world.mails.list({ limit: 1 }))[0]).toEqual(before);
  });

  it('is mailed again, and the link before it is dead', async () => {
    const { body } = await call('/users', { username: 'kim', email: 'kim@example.com' });
    const id = body.data.external_user_id as string;
    const first = await world.linkTo('kim@example.com');
    const soon = await call(`/users/${id}/invite`);
    expect([soon.status, soon.body.code]).toEqual([429, 'too_many_mails']);
    pass(2 * MINUTE);
    expect((await call(`/users/${id}/invite`, { language: 'en' })).body.data).toEqual({ sent: true });
    expect((await reset(first)).body.code).toBe('link_invalid');
    pass(2 * DAY);
    expect((await reset(await world.linkTo('kim@example.com'))).status).toBe(200);
    expect((await call('/users/nobody/invite')).body.code).toBe('account_not_found');
  });

  it('is not mailed where nobody signs in to the account here', async () => {
    const meta = { actor: 'service-key:1', requestId: 'setup' };
    const brought = { externalUserId: 'of-a-shop', username: 'shopper', email: 'shopper@example.com' };
    expect((await world.ledger.commands.syncAccount(brought, meta)).ok).toBe(true);
    const { status, body } = await call('/users/of-a-shop/invite');
    expect([status, body.code]).toEqual([400, 'no_login']);
  });
});

it('sessions of a person are ended wherever they are', async () => {
  pass(2 * MINUTE);
  const browser = await world.registered('lou');
  const { external_user_id: id } = (await browser.call('GET', '/api/user/self')).body.data;
  const made = await browser.call('POST', '/api/auth/token', { login: 'lou', password: PASSWORD });
  const bearer = { Authorization: `Bearer ${made.body.data.token}` };
  const program = () => world.server.raw('/api/user/self', { headers: bearer });
  expect((await program()).status).toBe(200);
  // That of the browser, and that of the program.
  expect((await call(`/users/${id}/end-sessions`)).body.data).toEqual({ ended: 2 });
  // No event tells it; a trace says who did it to whom.
  const { rows } = await world.ledger.pool.query(
    `SELECT name, route FROM operator_traces WHERE kind = 'acted' AND reason = $1`,
    [id],
  );
  expect(rows).toEqual([{ name: 'root', route: 'POST /api/admin/users/{external_user_id}/end-sessions' }]);
  expect((await browser.call('GET', '/api/user/self')).status).toBe(401);
  expect((await program()).status).toBe(401);
  expect((await enter('lou')).status).toBe(200);
});
