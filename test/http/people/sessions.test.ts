import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NEXT = 'staple correct horse';
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer(() => new Date(clockMs));
});
afterAll(() => world.close());

const enter = (browser: Browser, login: string, password = PASSWORD) =>
  browser.call('POST', '/api/auth/login', { login, password });
const isIn = async (browser: Browser) => (await browser.call('GET', '/api/auth/me')).status === 200;

describe('a session', () => {
  it('is in a cookie that no script reads and no other site sends, and only its keyed hash is kept', async () => {
    const browser = await world.registered('ann');
    const { headers } = await enter(browser, 'ann');
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie).toMatch(
      /^counterfoil_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=5184000$/,
    );
    const secret = browser.cookies.get('counterfoil_session') ?? '';
    const { rows } = await world.ledger.pool.query('SELECT secret_hash FROM sessions');
    expect(rows.map(({ secret_hash }) => secret_hash)).not.toContain(secret);
    expect(await isIn(browser)).toBe(true);
  });

  it('is bound to the host where the service is reached by https', async () => {
    const safe = await startPeopleServer(() => new Date(clockMs), {
      publicUrl: 'https://portal.example.com',
    });
    const browser = await safe.registered('ann');
    const [cookie = ''] = (await enter(browser, 'ann')).headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-counterfoil_session=.*; Path=\/; .*; Secure$/);
    // Named, the origin of pages is that one and no other.
    const ask = (origin: string) =>
      browser.call('POST', '/api/auth/logout', undefined, { 'Sec-Fetch-Site': '', Origin: origin });
    expect((await ask(safe.server.url)).body.code).toBe('cross_site');
    expect((await ask('https://portal.example.com')).status).toBe(200);
    await safe.close();
  });

  it('ends two weeks after it was last used, and after two months all the same', async () => {
    const browser = await world.registered('ben');
    pass(13 * DAY);
    expect(await isIn(browser)).toBe(true);
    pass(15 * DAY);
    expect(await isIn(browser)).toBe(false);
    await enter(browser, 'ben');
    for (let weeks = 0; weeks < 8; weeks++) {
      expect(await isIn(browser)).toBe(true);
      pass(7 * DAY);
    }
    pass(5 * DAY);
    expect(await isIn(browser)).toBe(false);
  });

  it('gets no token, which would go on after it was ended', async () => {
    const browser = await world.registered('tom');
    const renewed = await browser.call('POST', '/api/auth/renew');
    expect([renewed.status, renewed.body.code]).toEqual([403, 'token_required']);
    const { token } = (await browser.call('POST', '/api/auth/token', { login: 'tom', password: PASSWORD }))
      .body.data;
    const bearer = { Authorization: `Bearer ${token}` };
    expect((await world.browser().call('POST', '/api/auth/renew', undefined, bearer)).status).toBe(200);
  });

  it('ends earlier where the setting says so', async () => {
    const strict = await startPeopleServer(() => new Date(clockMs));
    const { commands, readModels } = strict.ledger;
    const value = { idle_days: 1, most_days: 2, operator_idle_minutes: 30, operator_most_hours: 12 };
    const changed = await commands.changeSetting(
      { key: 'sessions', value },
      { actor: 'cli', requestId: 'test' },
    );
    if (changed.ok) await readModels.waitFor(changed.position, 10_000);
    const browser = await strict.registered('bea');
    pass(DAY - MINUTE);
    expect(await isIn(browser)).toBe(true);
    pass(DAY + MINUTE);
    expect(await isIn(browser)).toBe(false);
    await strict.close();
  });

  it('is listed, ended one by one, and all but this one at once', async () => {
    const browser = await world.registered('cat');
    const [second, third] = [world.browser(), world.browser()];
    await enter(second, 'cat');
    await enter(third, 'cat');
    const { sessions } = (await browser.call('GET', '/api/auth/sessions')).body.data;
    expect(sessions).toHaveLength(3);
    expect(sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    const mine = (await second.call('GET', '/api/auth/me')).body.data.session.id;
    expect((await browser.call('DELETE', `/api/auth/sessions/${mine}`)).body.data).toEqual({ id: mine });
    expect(await isIn(second)).toBe(false);
    expect((await browser.call('DELETE', `/api/auth/sessions/${mine}`)).body.code).toBe('session_not_found');
    expect((await browser.call('POST', '/api/auth/sessions/end-others')).body.data).toEqual({ ended: 1 });
    expect([await isIn(third), await isIn(browser)]).toEqual([false, true]);
    await browser.call('POST', '/api/auth/logout');
    expect(browser.cookies.size).toBe(0);
  });

  it('of a program is listed and ended as those of browsers are, with every token of it', async () => {
    const browser = await world.registered('kit');
    const program = async (path: string, method = 'GET', token = '') => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      return world.server.raw(path, { method, headers });
    };
    const begin = async () =>
      (await world.browser().call('POST', '/api/auth/token', { login: 'kit', password: PASSWORD })).body.data
        .token as string;
    const programs = async () =>
      (await browser.call('GET', '/api/auth/sessions')).body.data.sessions.filter(
        ({ method }: { method: string }) => method === 'token',
      );
    const [first, second] = [await begin(), await begin()];
    const listed = await programs();
    expect(listed).toMatchObject([
      { current: false, expires_at: Math.floor(clockMs / 1000) + 30 * 60 },
      { current: false },
    ]);
    const renewed = (await program('/api/auth/renew', 'POST', first)).body.data.token as string;
    const own = (await program('/api/auth/sessions', 'GET', renewed)).body.data.sessions.find(
      ({ current }: { current: boolean }) => current,
    );
    expect((await browser.call('DELETE', `/api/auth/sessions/${own.id}`)).status).toBe(200);
    for (const token of [first, renewed]) {
      expect((await program('/api/auth/me', 'GET', token)).status).toBe(401);
      expect((await program('/api/auth/renew', 'POST', token)).status).toBe(401);
    }
    expect((await program('/api/auth/me', 'GET', second)).status).toBe(200);
    // What stands in a token opens no session of a browser.
    const thief = world.browser();
    thief.cookies.set('counterfoil_session', own.id);
    expect(await isIn(thief)).toBe(false);
    expect((await browser.call('POST', '/api/auth/sessions/end-others')).body.data).toEqual({ ended: 1 });
    expect([(await program('/api/auth/me', 'GET', second)).status, await isIn(browser)]).toEqual([401, true]);
    const third = await begin();
    expect((await program('/api/auth/logout', 'POST', third)).status).toBe(200);
    expect((await program('/api/auth/me', 'GET', third)).status).toBe(401);
    const fourth = await begin();
    const change = { current_password: PASSWORD, new_password: NEXT };
    expect((await browser.call('POST', '/api/auth/password', change)).status).toBe(200);
    expect([(await program('/api/auth/me', 'GET', fourth)).status, await programs()]).toEqual([401, []]);
  });

  it('of a program is gone from the list once its newest token has run out', async () => {
    const browser = await world.registered('leo');
    const sessions = async () => (await browser.call('GET', '/api/auth/sessions')).body.data.sessions.length;
    const { token } = (
      await world.browser().call('POST', '/api/auth/token', { login: 'leo', password: PASSWORD })
    ).body.data;
    pass(20 * MINUTE);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await world.server.raw('/api/auth/renew', { method: 'POST', headers })).status).toBe(200);
    pass(20 * MINUTE);
    expect(await sessions()).toBe(2);
    pass(11 * MINUTE);
    expect(await sessions()).toBe(1);
  });

  it("is nobody else's to end", async () => {
    const [one, other] = [await world.registered('dan'), await world.registered('dot')];
    const { id } = (await one.call('GET', '/api/auth/me')).body.data.session;
    expect((await other.call('DELETE', `/api/auth/sessions/${id}`)).status).toBe(404);
    expect(await isIn(one)).toBe(true);
  });
});

describe('a request of another site', () => {
  it.each([
    ['says so', { 'Sec-Fetch-Site': 'cross-site' }],
    ['is of a neighbour', { 'Sec-Fetch-Site': 'same-site' }],
    ['has a foreign origin', { 'Sec-Fetch-Site': '', Origin: 'https://evil.example' }],
    ['has no origin that could be ours', { 'Sec-Fetch-Site': '', Origin: 'null' }],
    ['says nothing', { 'Sec-Fetch-Site': '' }],
    ['is a form', { 'Content-Type': 'text/plain' }],
  ])('that %s does nothing with the cookie', async (_, headers) => {
    const browser = await world.registered(`eve ${Math.random()}`, `eve${Math.random()}@example.com`);
    const { status, body } = await browser.call('POST', '/api/auth/sessions/end-others', {}, headers);
    expect([status, body.code]).toEqual([403, 'cross_site']);
    expect(await isIn(browser)).toBe(true);
  });

  it('signs nobody in', async () => {
    await world.registered('fay');
    const browser = world.browser();
    const { body } = await browser.call(
      'POST',
      '/api/auth/login',
      { login: 'fay', password: PASSWORD },
      { 'Sec-Fetch-Site': 'cross-site' },
    );
    expect([body.code, browser.cookies.size]).toEqual(['cross_site', 0]);
  });
});

describe('a password', () => {
  it('is changed by who knows it; every other sign-in ends, tokens too', async () => {
    const [browser, other] = [await world.registered('gil'), world.browser()];
    await enter(other, 'gil');
    const { token } = (await other.call('POST', '/api/auth/token', { login: 'gil', password: PASSWORD })).body
      .data;
    const asProgram = () =>
      world.server.raw('/api/auth/me', { headers: { Authorization: `Bearer ${token}` } });
    expect((await asProgram()).body.data).toMatchObject({ username: 'gil', session: null });
    const before = browser.cookies.get('counterfoil_session');
    const change = (current_password: string, new_password: string) =>
      browser.call('POST', '/api/auth/password', { current_password, new_password });
    expect((await change('not the password', NEXT)).body.code).toBe('login_failed');
    expect((await change(PASSWORD, 'short')).body.code).toBe('password_unfit');
    expect((await change(PASSWORD, NEXT)).status).toBe(200);
    expect(browser.cookies.get('counterfoil_session')).not.toBe(before);
    expect([await isIn(browser), await isIn(other), (await asProgram()).status]).toEqual([true, false, 401]);
    expect((await enter(other, 'gil')).body.code).toBe('login_failed');
    expect((await enter(other, 'gil', NEXT)).status).toBe(200);
  });

  it('is set anew by a link that lives for half an hour and is used once; every sign-in ends', async () => {
    const browser = await world.registered('hal');
    pass(2 * MINUTE);
    const forgot = () => browser.call('POST', '/api/auth/password/forgot', { email: 'HAL@example.com' });
    const reset = (token: string, password = NEXT) =>
      browser.call('POST', '/api/auth/password/reset', { token, password });
    await forgot();
    // Written to as the account has it, however it was asked for.
    const late = await world.linkTo('hal@example.com');
    pass(31 * MINUTE);
    expect((await reset(late)).body.code).toBe('link_invalid');
    await forgot();
    const token = await world.linkTo('hal@example.com');
    expect((await reset(token, 'short')).body.code).toBe('password_unfit');
    const other = world.browser();
    await enter(other, 'hal');
    const answers = await Promise.all([reset(token), reset(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect([await isIn(other), (await enter(other, 'hal')).status]).toEqual([false, 401]);
    expect((await enter(other, 'hal', NEXT)).status).toBe(200);
    const [newest] = await world.mails.list({ limit: 1 });
    expect(newest).toMatchObject({ to: 'hal@example.com', kind: 'password-changed' });
  });

  it('opens the login of a user whom a front end brought, where that is on, and of none where it is off', async () => {
    const { commands, readModels } = world.ledger;
    const meta = { actor: 'cli', requestId: 'test' };
    const brought = { externalUserId: 'u-1', username: 'ivy', email: 'ivy@example.com' };
    const synced = await commands.syncAccount(brought, meta);
    if (synced.ok) await readModels.waitFor(synced.position, 10_000);
    const browser = world.browser();
    const forgot = () => browser.call('POST', '/api/auth/password/forgot', { email: 'ivy@example.com' });
    await forgot();
    expect(await world.linkTo('ivy@example.com')).toBe('');
    const on = await commands.changeSetting({ key: 'sign_in', value: { synced_users: true } }, meta);
    if (on.ok) await readModels.waitFor(on.position, 10_000);
    pass(2 * MINUTE);
    await forgot();
    const token = await world.linkTo('ivy@example.com');
    expect((await browser.call('POST', '/api/auth/password/reset', { token, password: NEXT })).status).toBe(
      200,
    );
    expect((await enter(browser, 'ivy', NEXT)).body.data).toMatchObject({
      external_user_id: 'u-1',
      email_verified: true,
    });
  });
});

describe('attempts to sign in', () => {
  it('are limited by name, also for the right password, and an answer does not tell what was wrong', async () => {
    const browser = await world.registered('joy');
    const wrong = await Promise.all(
      ['joy', 'nobody', 'joy@example.com'].map(async (login) => {
        const { status, body } = await enter(browser, login, 'a wrong password');
        return JSON.stringify({ status, ...body, request_id: '' });
      }),
    );
    expect(new Set(wrong).size).toBe(1);
    pass(DAY);
    await Promise.all(Array.from({ length: 6 }, () => enter(browser, 'joy', 'a wrong password')));
    // However it is written: each of these finds the same account.
    for (const spelled of ['JOY', 'ｊoy', 'jo\u200by']) {
      const { status, body, headers } = await enter(browser, spelled);
      expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too_many_logins', '60']);
    }
  });
});

describe('somebody suspended', () => {
  it('may look and sign out; and nobody is signed in once the person was erased', async () => {
    const browser = await world.registered('kay');
    const { external_user_id: externalUserId } = (await browser.call('GET', '/api/auth/me')).body.data;
    const meta = { actor: 'cli', requestId: 'test' };
    await world.ledger.commands.suspendAccount({ externalUserId, reason: 'fraud' }, meta);
    expect((await browser.call('GET', '/api/auth/me')).body.data.status).toBe(2);
    expect((await browser.call('POST', '/api/auth/sessions/end-others')).status).toBe(200);
    await world.ledger.commands.eraseAccount({ externalUserId, reason: 'asked' }, meta);
    expect(await isIn(browser)).toBe(false);
    expect(await world.ledger.events('login-closed')).toHaveLength(1);
    for (const table of ['user_credentials', 'user_languages', 'sessions', 'mail_tokens', 'mails']) {
      const { rows } = await world.ledger.pool.query(
        `SELECT 1 FROM ${table} t JOIN person_keys k ON k.account_id = t.account_id WHERE k.wrapped IS NULL`,
      );
      expect([table, rows]).toEqual([table, []]);
    }
    expect((await enter(browser, 'kay')).body.code).toBe('login_failed');
  });
});

describe("an operator's session of a browser", () => {
  const begin = (browser: Browser, name: string) =>
    browser.call('POST', '/api/admin/session', { name, password: PASSWORD });
  const me = async (browser: Browser) => (await browser.call('GET', '/api/admin/me')).status;

  it('is a cookie of its own, ends half an hour after it was last used, and after twelve hours', async () => {
    await world.administration.signIn('lea', 'auditor');
    const browser = await world.registered('lea');
    expect((await begin(browser, 'lea')).body.data).toMatchObject({ name: 'lea', role: 'auditor' });
    expect([...browser.cookies.keys()].sort()).toEqual(['counterfoil_operator', 'counterfoil_session']);
    pass(29 * MINUTE);
    expect(await me(browser)).toBe(200);
    pass(31 * MINUTE);
    expect(await me(browser)).toBe(401);
    await begin(browser, 'lea');
    for (let uses = 0; uses < 28; uses++) {
      pass(25 * MINUTE);
      expect(await me(browser)).toBe(200);
    }
    pass(25 * MINUTE);
    expect(await me(browser)).toBe(401);
    expect(await isIn(browser)).toBe(true);
  });

  it('does no more than the role may, asks the same of pages, and ends with its browser or with them all', async () => {
    await world.administration.signIn('max', 'auditor');
    const [browser, other] = [world.browser(), world.browser()];
    await begin(browser, 'max');
    await begin(other, 'max');
    const forbidden = await browser.call('PUT', '/api/admin/settings/hold_policy', { value: 'reject' });
    expect([forbidden.status, forbidden.body.code]).toEqual([403, 'forbidden']);
    const foreign = await browser.call('DELETE', '/api/admin/session', undefined, {
      'Sec-Fetch-Site': 'cross-site',
    });
    expect(foreign.body.code).toBe('cross_site');
    expect((await browser.call('GET', '/api/audit/users/nobody/balance')).status).toBe(404);
    expect((await browser.call('DELETE', '/api/admin/session')).status).toBe(200);
    expect([await me(browser), await me(other)]).toEqual([401, 200]);
    await begin(browser, 'max');
    await other.call('POST', '/api/admin/logout');
    expect(await me(browser)).toBe(401);
  });

  it('opens nothing of people, nor theirs anything of operators', async () => {
    const browser = await world.registered('ned');
    const secret = browser.cookies.get('counterfoil_session') ?? '';
    browser.cookies.set('counterfoil_operator', secret);
    expect(await me(browser)).toBe(401);
  });
});
