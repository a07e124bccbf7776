import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeAt } from '../support/authenticator.js';
import { type Browser, PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
const code = (secret: string, aside = 0) => codeAt(secret, new Date(clockMs), aside);
let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer(() => new Date(clockMs));
});
afterAll(() => world.close());

const post = (browser: Browser, path: string, body?: unknown) =>
  browser.call('POST', `/api/auth/${path}`, body);
const login = (browser: Browser, name: string, password = PASSWORD) =>
  post(browser, 'login', { login: name, password });
const isIn = async (browser: Browser) => (await browser.call('GET', '/api/auth/me')).status === 200;

/** Somebody with an authenticator: its secret, and the recovery codes. */
async function withFactor(name: string) {
  const browser = await world.registered(name);
  const { secret } = (await post(browser, 'totp')).body.data;
  const { recovery_codes: codes } = (await post(browser, 'totp/confirm', { code: code(secret) })).body.data;
  pass(MINUTE);
  return { browser, secret: secret as string, codes: codes as string[] };
}

/** The first step, whose ticket is for the second. */
async function ticketOf(browser: Browser, name: string): Promise<string> {
  const { status, body } = await login(browser, name);
  expect([status, body.code]).toEqual([202, 'second_factor_required']);
  return body.data.ticket;
}
const second = (browser: Browser, ticket: string, given: string) =>
  post(browser, 'login/second-factor', { ticket, code: given });

describe('an authenticator', () => {
  it('is asked for once a code of it was given, and only then', async () => {
    const browser = await world.registered('ann');
    const { secret, uri } = (await post(browser, 'totp')).body.data;
    expect(uri).toBe(`otpauth://totp/Counterfoil:ann?secret=${secret}&issuer=Counterfoil`);
    expect((await login(world.browser(), 'ann')).status).toBe(200);
    expect((await post(browser, 'totp/confirm', { code: code(secret, 5) })).body.code).toBe(
      'second_factor_wrong',
    );
    const { body } = await post(browser, 'totp/confirm', { code: code(secret) });
    expect(new Set(body.data.recovery_codes).size).toBe(10);
    expect((await browser.call('GET', '/api/auth/totp')).body.data).toEqual({
      enabled: true,
      recovery_codes_left: 10,
    });
    const other = world.browser();
    const ticket = await ticketOf(other, 'ann');
    expect([await isIn(other), other.cookies.size]).toEqual([false, 0]);
    pass(MINUTE);
    const entered = await second(other, ticket, code(secret));
    expect(entered.body.data).toMatchObject({ username: 'ann', session: { method: 'password+totp' } });
    expect(await isIn(other)).toBe(true);
  });

  it('is sealed, and told in the log without its secret', async () => {
    const { secret, codes } = await withFactor('ben');
    const { rows } = await world.ledger.pool.query(
      `SELECT t::text AS row FROM totp_secrets t UNION ALL SELECT r::text FROM recovery_codes r
       UNION ALL SELECT e.data::text FROM events e`,
    );
    const all = rows.map(({ row }) => String(row)).join('\n');
    for (const told of [secret, ...codes, ...codes.map((each) => each.replace('-', ''))])
      expect(all).not.toContain(told);
    const added = await world.ledger.events('second-factor-added');
    expect(added.slice(-2).map((each) => each['factor'])).toEqual(['totp', 'recovery']);
  });

  it('takes a code once, also when it is sent twice at the same time', async () => {
    const { secret } = await withFactor('cat');
    const [one, other] = [world.browser(), world.browser()];
    const tickets = [await ticketOf(one, 'cat'), await ticketOf(other, 'cat')] as const;
    const given = code(secret);
    const answers = await Promise.all([second(one, tickets[0], given), second(other, tickets[1], given)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    pass(MINUTE);
    const ticket = await ticketOf(other, 'cat');
    expect((await second(other, ticket, given)).body.code).toBe('second_factor_wrong');
    // Nor one from before the one that was used last.
    expect((await second(other, ticket, code(secret))).status).toBe(200);
    const again = await ticketOf(other, 'cat');
    expect((await second(other, again, code(secret, -1))).body.code).toBe('second_factor_wrong');
  });

  it('is taken for ten minutes after the password, once, and not after another password was set', async () => {
    const { browser, secret } = await withFactor('dan');
    const late = await ticketOf(world.browser(), 'dan');
    pass(10 * MINUTE);
    expect((await second(world.browser(), late, code(secret))).body.code).toBe('sign_in_expired');
    const used = await ticketOf(world.browser(), 'dan');
    expect((await second(world.browser(), used, code(secret))).status).toBe(200);
    pass(MINUTE);
    expect((await second(world.browser(), used, code(secret))).body.code).toBe('sign_in_expired');
    const before = await ticketOf(world.browser(), 'dan');
    const next = 'staple correct horse';
    await post(browser, 'password', { current_password: PASSWORD, new_password: next });
    expect((await second(world.browser(), before, code(secret))).body.code).toBe('sign_in_expired');
    expect((await login(world.browser(), 'dan', next)).status).toBe(202);
  });

  it('is guessed at a few times and no more, and says nothing while it is', async () => {
    const { secret } = await withFactor('eve');
    const browser = world.browser();
    const ticket = await ticketOf(browser, 'eve');
    const right = code(secret);
    const wrong = right === '000000' ? '111111' : '000000';
    for (let guess = 0; guess < 6; guess++)
      expect((await second(browser, ticket, wrong)).body.code).toBe('second_factor_wrong');
    expect((await second(browser, ticket, right)).body.code).toBe('too_many_logins');
  });

  it('is asked of programs as well', async () => {
    const { secret } = await withFactor('fay');
    const token = (given?: string) =>
      post(world.browser(), 'token', { login: 'fay', password: PASSWORD, ...(given && { code: given }) });
    expect((await token()).body.code).toBe('second_factor_required');
    expect((await token('000000x')).body.code).toBe('second_factor_wrong');
    expect((await token(code(secret))).status).toBe(200);
  });

  it('is changed for another, and taken away, by a fresh proof alone', async () => {
    const { browser, secret } = await withFactor('gil');
    pass(10 * MINUTE);
    for (const [method, path] of [
      ['POST', '/totp'],
      ['POST', '/recovery-codes'],
      ['DELETE', '/totp'],
    ] as const)
      expect((await browser.call(method, `/api/auth${path}`)).body.code).toBe('step_up_required');
    await post(browser, 'step-up', { password: PASSWORD });
    const { secret: next } = (await post(browser, 'totp')).body.data;
    // Until it is confirmed the one before is in force.
    expect((await second(browser, await ticketOf(browser, 'gil'), code(secret))).status).toBe(200);
    expect((await post(browser, 'totp/confirm', { code: code(next) })).body.data.recovery_codes).toEqual([]);
    pass(MINUTE);
    const ticket = await ticketOf(browser, 'gil');
    expect((await second(browser, ticket, code(secret))).body.code).toBe('second_factor_wrong');
    expect((await second(browser, ticket, code(next))).status).toBe(200);
    expect((await browser.call('DELETE', '/api/auth/totp')).status).toBe(200);
    expect((await login(world.browser(), 'gil')).status).toBe(200);
    const { rows } = await world.ledger.pool.query(
      `SELECT 1 FROM totp_secrets t JOIN recovery_codes r USING (account_id)
       WHERE t.account_id = (SELECT account_id FROM sessions ORDER BY created_at DESC LIMIT 1)`,
    );
    expect(rows).toEqual([]);
  });
});

describe('a recovery code', () => {
  it('signs in once, however it is typed, and ends with those that replace it', async () => {
    const { browser, codes } = await withFactor('hal');
    const [first = '', other = ''] = codes;
    const typed = first.toLowerCase().replace('-', ' ');
    const entered = await second(browser, await ticketOf(browser, 'hal'), typed);
    expect(entered.body.data.session.method).toBe('password+recovery');
    expect((await second(browser, await ticketOf(browser, 'hal'), first)).body.code).toBe(
      'second_factor_wrong',
    );
    expect((await browser.call('GET', '/api/auth/totp')).body.data.recovery_codes_left).toBe(9);
    const { recovery_codes: next } = (await post(browser, 'recovery-codes')).body.data;
    expect((await browser.call('GET', '/api/auth/totp')).body.data.recovery_codes_left).toBe(10);
    const ticket = await ticketOf(browser, 'hal');
    expect((await second(browser, ticket, other)).body.code).toBe('second_factor_wrong');
    expect((await second(browser, ticket, next[0])).status).toBe(200);
  });

  it('is made for nobody who has no authenticator', async () => {
    const browser = await world.registered('ida');
    expect((await post(browser, 'recovery-codes')).body.code).toBe('second_factor_missing');
    expect((await post(browser, 'totp/confirm', { code: '000000' })).body.code).toBe('second_factor_missing');
  });
});

describe('who has a second factor', () => {
  it('is told by no answer to a wrong password', async () => {
    await withFactor('joe');
    await world.registered('jon');
    const told = async (name: string) => {
      const { status, body } = await login(world.browser(), name, 'a wrong password');
      return JSON.stringify({ status, ...body, request_id: '' });
    };
    expect(new Set([await told('joe'), await told('jon'), await told('nobody')]).size).toBe(1);
  });

  it('leaves nothing of it when the account is deleted', async () => {
    const { browser } = await withFactor('kim');
    await ticketOf(world.browser(), 'kim');
    const { rows: before } = await world.ledger.pool.query('SELECT account_id FROM sign_in_steps');
    const accountId = before.at(-1)?.account_id;
    expect((await browser.call('DELETE', '/api/user/self')).status).toBe(200);
    for (const table of ['totp_secrets', 'recovery_codes', 'sign_in_steps', 'sign_ins']) {
      const { rows } = await world.ledger.pool.query(`SELECT 1 FROM ${table} WHERE account_id = $1`, [
        accountId,
      ]);
      expect([table, rows]).toEqual([table, []]);
    }
  });
});

describe('sign-ins', () => {
  it('are listed to whose account it is, by what and from where, the newest first', async () => {
    const { browser, secret } = await withFactor('lea');
    pass(DAY);
    const other = world.browser();
    await second(other, await ticketOf(other, 'lea'), code(secret));
    const list = async (of: Browser) => (await of.call('GET', '/api/auth/sign-ins')).body.data.sign_ins;
    const found = await list(browser);
    expect(found.map(({ method }: { method: string }) => method)).toEqual(['password+totp', 'password']);
    expect(found[0]).toMatchObject({ at: clockMs / 1000, address_block: '127.0.0.1' });
    // A proof that is given again is no sign-in, nor is one that failed.
    await post(browser, 'step-up', { password: PASSWORD });
    await login(world.browser(), 'lea', 'a wrong password');
    expect(await list(browser)).toHaveLength(2);
    expect(await list(await world.registered('mia'))).toHaveLength(1);
  });
});

describe('an operator, for who has lost phone and codes,', () => {
  const clear = async (id: string, given: object = { reason: 'lost, shown by passport', language: 'en' }) =>
    world.browser().call('POST', `/api/admin/users/${id}/clear-second-factor`, given, {
      Authorization: `Bearer ${await operator()}`,
    });
  let token: Promise<string> | undefined;
  const operator = () => (token ??= world.administration.signIn('helper', 'operator'));

  it('takes the second factor away: the password signs in, sessions end, and a mail says so', async () => {
    const { browser } = await withFactor('zoe');
    const { external_user_id: id } = (await browser.call('GET', '/api/auth/me')).body.data;
    expect((await clear(id, { language: 'en' })).status).toBe(400);
    expect((await clear(id)).status).toBe(200);
    expect(await isIn(browser)).toBe(false);
    expect((await login(world.browser(), 'zoe')).status).toBe(200);
    expect(await world.ledger.events('second-factors-cleared')).toEqual([
      expect.objectContaining({ by: 'operator:helper', reason: 'lost, shown by passport' }),
    ]);
    const [mail] = await world.mails.list({ limit: 1 });
    expect(mail).toMatchObject({ kind: 'factors-cleared', to: 'zoe@example.com' });
    const again = await clear(id);
    expect([again.status, again.body.code]).toEqual([409, 'second_factor_missing']);
  });

  it('does so for nobody who does not sign in here', async () => {
    const synced = { externalUserId: 'synced', username: 'synced' };
    await world.ledger.commands.syncAccount(synced, { actor: 'service-key:1', requestId: 'test' });
    expect((await clear('synced')).body.code).toBe('no_login');
    expect((await clear('nobody')).body.code).toBe('account_not_found');
  });
});
