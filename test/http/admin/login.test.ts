import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AdminServer, startAdminServer } from '../support/admin-server.js';
import { PASSWORD } from '../support/administration.js';

let world: AdminServer;
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
beforeAll(async () => {
  world = await startAdminServer(() => new Date(clockMs));
});
afterAll(() => world.close());

const MINUTE = 60_000;
const login = (name: string, password = PASSWORD) =>
  world.call(undefined, 'POST', '/login', { name, password });
const me = (token: string) => world.call(token, 'GET', '/me');

describe('a login', () => {
  it('is a token with a role, which says what may be done', async () => {
    await world.administration.signIn('ann', 'finance');
    const { status, body, text } = await login('ann');
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      token_type: 'Bearer',
      expires_at: clockMs / 1000 + 1800,
      operator: { name: 'ann', role: 'finance', permissions: expect.arrayContaining(['users:adjust']) },
    });
    expect(text).not.toContain(PASSWORD);
    expect((await me(body.data.token)).body.data).toEqual(body.data.operator);
  });

  it('does not tell a wrong password from a name that is not there or cannot be', async () => {
    const answers = await Promise.all(
      ['ann', 'nobody', 'Not A Name!'].map(async (name) => {
        const { status, body } = await login(name, 'wrong-wrong-wrong');
        return { status, ...body, request_id: '' };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 401, code: 'login_failed' });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('ends after half an hour unless it is renewed, and after twelve hours all the same', async () => {
    await world.administration.signIn('ben', 'auditor');
    let { token } = (await login('ben')).body.data;
    pass(31 * MINUTE);
    expect((await me(token)).status).toBe(401);
    ({ token } = (await login('ben')).body.data);
    for (let renewed = 0; renewed < 28; renewed++) {
      pass(25 * MINUTE);
      const { status, body } = await world.call(token, 'POST', '/renew');
      expect(status).toBe(200);
      ({ token } = body.data);
    }
    pass(21 * MINUTE);
    expect((await me(token)).status).toBe(401);
  });

  it('ends with a logout, everywhere', async () => {
    await world.administration.signIn('cat', 'auditor');
    const [one, two] = [(await login('cat')).body.data.token, (await login('cat')).body.data.token];
    expect((await world.call(one, 'POST', '/logout')).body.data).toEqual({ name: 'cat' });
    expect([(await me(one)).status, (await me(two)).status]).toEqual([401, 401]);
    expect((await login('cat')).status).toBe(200);
  });

  it('is worth nothing when a character of it was changed, or when it is signed by nobody', async () => {
    await world.administration.signIn('dan', 'auditor');
    const { token } = (await login('dan')).body.data;
    const [head, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const bad of [`${head}.${forged}.${signature}`, `${unsigned}.${payload}.`, `${token}x`, 'x'])
      expect((await me(bad)).status).toBe(401);
  });
});

describe('a password', () => {
  it('is changed by who knows it; every login ends, and the log says that it was changed but not what it is', async () => {
    await world.administration.signIn('eve', 'auditor');
    const { token } = (await login('eve')).body.data;
    const change = (current_password: string, new_password: string) =>
      world.call(token, 'POST', '/password', { current_password, new_password });
    expect((await change('not the password', 'another password')).body.code).toBe('login_failed');
    expect((await change(PASSWORD, 'short')).body).toMatchObject({
      code: 'password_unfit',
      details: { min: 12 },
    });
    expect((await change(PASSWORD, 'another password')).status).toBe(200);
    expect((await me(token)).status).toBe(401);
    expect((await login('eve')).status).toBe(401);
    expect((await login('eve', 'another password')).status).toBe(200);
    expect(await world.ledger.events('operator-password-changed')).toEqual([
      { name: 'eve', by: 'operator:eve' },
    ]);
    const { rows } = await world.ledger.pool.query(`SELECT password_hash FROM operator_credentials`);
    for (const { password_hash } of rows) expect(password_hash).toMatch(/^\$scrypt\$ln=\d+,r=8,p=1\$/);
  });
});

describe('attempts to log in', () => {
  it('are limited by name, also for the right password, and say when to come again', async () => {
    await world.administration.signIn('fay', 'auditor');
    pass(24 * 60 * MINUTE);
    const guesses = await Promise.all(Array.from({ length: 9 }, () => login('fay', 'a wrong password')));
    expect(guesses.map(({ status }) => status).sort()).toEqual([
      ...Array(6).fill(401),
      ...Array(3).fill(429),
    ]);
    const { status, body, headers } = await login('fay');
    expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too_many_logins', '60']);
    pass(59_000);
    expect((await login('fay')).status).toBe(429);
    pass(1_000);
    expect((await login('fay')).status).toBe(200);
    // A login that succeeds gives the attempts back.
    expect((await login('fay', 'a wrong password')).status).toBe(401);
    expect((await login('fay')).status).toBe(200);
  });

  it('of strangers do not keep an operator out, however many they are and wherever they come from', async () => {
    await world.administration.signIn('gus', 'auditor');
    pass(24 * 60 * MINUTE);
    const { auth } = world.administration;
    const guess = (address: string | undefined, password = 'a wrong password') =>
      auth.login({ name: 'gus', password, address }).then(
        () => 'in',
        (error: { failure?: { code?: string } }) => error.failure?.code,
      );
    const strangers = ['203.0.113.9', '203.0.113.10', '2001:db8:0:1::9', undefined];
    for (const stranger of strangers) {
      for (let tries = 0; tries < 6; tries++) expect(await guess(stranger)).toBe('login_failed');
      expect(await guess(stranger)).toBe('too_many_logins');
    }
    // Another address of the same /64 is the same stranger.
    expect(await guess('2001:db8:0:1::ffff')).toBe('too_many_logins');
    expect(await guess('2001:db8:0:2::1', PASSWORD)).toBe('in');
    expect(await guess('198.51.100.7', PASSWORD)).toBe('in');
  });

  it('are limited by address, whatever names are tried', async () => {
    pass(24 * 60 * MINUTE);
    const tries: number[] = [];
    for (let guess = 0; guess < 31; guess++) tries.push((await login(`name-${guess}`)).status);
    expect(tries).toEqual([...Array(30).fill(401), 429]);
    pass(20_000);
    expect((await login('fay')).status).toBe(200);
  });

  it('keep neither names nor addresses, and nothing once they are all back', async () => {
    const subjects = async () =>
      (await world.ledger.pool.query<{ subject: string }>('SELECT subject FROM login_attempts')).rows;
    for (const { subject } of await subjects()) expect(subject).toMatch(/^[0-9a-f]{64}$/);
    pass(24 * 60 * MINUTE);
    await login('fay');
    expect(await subjects()).toHaveLength(1);
  });
});

describe('nobody', () => {
  it('has a way in without a login, or with a key of another kind', async () => {
    const key = (await world.ledger.serviceKeys.create('shop', ['users', 'read', 'audit'])).key;
    for (const token of [undefined, key]) {
      const { status, body } = await world.call(token, 'GET', '/settings');
      expect([status, body.code]).toEqual([401, 'unauthorized']);
    }
    const token = await world.as('admin');
    const external = await world.server.raw('/api/user/external/u1', {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(external.status).toBe(401);
  });
});

describe('the sessions of an operator', () => {
  const begin = async (name: string, agent: string) => {
    const headers = { 'User-Agent': agent, Origin: world.server.url, 'Sec-Fetch-Site': 'same-origin' };
    const entered = await world.call(undefined, 'POST', '/session', { name, password: PASSWORD }, headers);
    expect(entered.status).toBe(200);
    const Cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return (method: string, path: string) =>
      world.call(undefined, method, path, undefined, { ...headers, Cookie });
  };
  const listed = (reply: {
    body: { data: { sessions: { readonly id: string; readonly current: boolean }[] } };
  }) => reply.body.data.sessions;

  it('are listed, of browsers and of programs: where, since when, and which one asks', async () => {
    await world.administration.signIn('flo', 'auditor');
    await world.administration.sessions.endOthers({ name: 'flo', role: 'auditor', session: 0n, since: 0 });
    const browser = await begin('flo', 'Firefox/140');
    pass(MINUTE);
    const { token } = (await login('flo')).body.data;
    const own = listed(await world.call(token, 'GET', '/sessions'));
    expect(own).toMatchObject([
      { current: true, method: 'token', expires_at: clockMs / 1000 + 1800, address_block: '127.0.0.1' },
      {
        current: false,
        method: 'password',
        agent: 'Firefox/140',
        created_at: clockMs / 1000 - 60,
        expires_at: null,
      },
    ]);
    const seen = listed(await browser('GET', '/sessions'));
    expect(seen.filter(({ current }) => current)).toMatchObject([{ agent: 'Firefox/140' }]);
    expect(JSON.stringify(own)).not.toContain('secret');
  });

  it('are ended one by one and all but one, at once; nobody ends those of another as their own', async () => {
    await world.administration.signIn('gil', 'auditor');
    const browser = await begin('gil', 'Firefox/140');
    const [one, two] = [(await login('gil')).body.data.token, (await login('gil')).body.data.token];
    const first = listed(await world.call(one, 'GET', '/sessions')).find(({ current }) => current)?.id;
    const stranger = await world.administration.signIn('hal', 'admin');
    for (const path of [`/sessions/${first}`, '/sessions/no-such-session'])
      expect((await world.call(stranger, 'DELETE', path)).body).toMatchObject({ code: 'session_not_found' });
    expect((await world.call(two, 'DELETE', `/sessions/${first}`)).status).toBe(200);
    expect([(await me(one)).status, (await me(two)).status]).toEqual([401, 200]);
    expect((await world.call(two, 'POST', '/sessions/end-others')).body.data.ended).toBeGreaterThanOrEqual(1);
    expect([(await browser('GET', '/me')).status, (await me(two)).status]).toEqual([401, 200]);
    const last = listed(await world.call(two, 'GET', '/sessions'));
    expect(last).toMatchObject([{ current: true }]);
    expect((await world.call(two, 'DELETE', `/sessions/${last[0]?.id}`)).status).toBe(200);
    expect((await me(two)).status).toBe(401);
  });

  it('are ended by an admin, which is kept among the traces, and by nobody else', async () => {
    const ivy = await world.administration.signIn('ivy', 'operator');
    const admin = await world.as('admin');
    const path = '/operators/ivy/sessions';
    for (const role of ['auditor', 'operator', 'finance'] as const)
      expect((await world.call(await world.as(role), 'GET', path)).status).toBe(403);
    const [session] = listed(await world.call(admin, 'GET', path));
    expect(session).toMatchObject({ current: false, method: 'token' });
    expect((await world.call(admin, 'GET', '/operators/nobody/sessions')).body.code).toBe(
      'operator_not_found',
    );
    expect((await world.call(admin, 'DELETE', `/operators/hal/sessions/${session?.id}`)).status).toBe(404);
    expect((await me(ivy)).status).toBe(200);
    expect((await world.call(admin, 'DELETE', `${path}/${session?.id}`)).status).toBe(200);
    expect((await me(ivy)).status).toBe(401);
    expect((await world.call(admin, 'DELETE', `${path}/${session?.id}`)).status).toBe(404);
    const traces = (await world.call(admin, 'GET', '/traces?kind=acted')).body.data.traces;
    expect(traces).toMatchObject([
      { name: 'admin', reason: 'ivy', times: 1, route: 'DELETE /api/admin/operators/{name}/sessions/{id}' },
    ]);
  });

  it('of another password are not listed: they have ended', async () => {
    await world.administration.signIn('jan', 'auditor');
    const { token } = (await login('jan')).body.data;
    const changed = { current_password: PASSWORD, new_password: `${PASSWORD} anew` };
    expect((await world.call(token, 'POST', '/password', changed)).status).toBe(200);
    const again = (await login('jan', changed.new_password)).body.data.token;
    expect(listed(await world.call(again, 'GET', '/sessions'))).toHaveLength(1);
  });
});
