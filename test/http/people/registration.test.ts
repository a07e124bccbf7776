import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
let world: PeopleServer;
let browser: Browser;
beforeAll(async () => {
  world = await startPeopleServer(() => new Date(clockMs));
  browser = world.browser();
});
afterAll(() => world.close());

const register = (username: string, email: string, password = PASSWORD) =>
  browser.call('POST', '/api/user/register', { username, email, password });
const verify = (token: string, username?: string) =>
  browser.call('POST', '/api/user/verify-email', { token, username });
const enter = (login: string, password = PASSWORD) =>
  browser.call('POST', '/api/auth/login', { login, password });

describe('a registration', () => {
  it('is an account once the link in the mail was used, and nothing in the log before', async () => {
    const before = await world.ledger.head();
    const { status, body } = await register('alice', 'Alice@example.com');
    expect([status, body.data]).toEqual([200, { status: 'verification_sent', resend_after_seconds: 60 }]);
    expect(await world.ledger.head()).toBe(before);
    expect((await enter('alice')).body.code).toBe('login_failed');

    const token = await world.linkTo('Alice@example.com');
    expect((await verify(token)).body.data).toEqual({ verified: true });

    const [account] = await world.ledger.events('account-registered');
    expect(account).toMatchObject({
      external_user_id: expect.stringMatching(/^self-[0-9a-f-]{36}$/),
      username: 'alice',
    });
    expect(await world.ledger.events('login-opened')).toEqual([
      { account_id: account?.account_id, by: 'anybody' },
    ]);
    expect(await world.ledger.events('email-verified')).toHaveLength(1);
    expect((await enter('alice@EXAMPLE.com')).body.data).toMatchObject({
      username: 'alice',
      email: 'Alice@example.com',
      email_verified: true,
      status: 1,
    });
  });

  it('is done once, however often the link is used, also by a program that opens links; nobody is signed in by it', async () => {
    await register('bert', 'bert@example.com');
    const token = await world.linkTo('bert@example.com');
    const other = world.browser();
    const answers = [
      await other.call('GET', `/api/user/verify-email?token=${token}`),
      await other.call('GET', `/api/user/verify-email?token=${token}`),
      await other.call('POST', '/api/user/verify-email', { token }),
    ];
    expect(answers.map(({ status, body }) => [status, body.data])).toEqual(
      Array(3).fill([200, { verified: true }]),
    );
    expect(other.cookies.size).toBe(0);
    const accounts = await world.ledger.events('account-registered');
    expect(accounts.filter(({ username }) => username === 'bert')).toHaveLength(1);
  });

  it('does not tell whether the address belongs to somebody: its owner is written to instead', async () => {
    await world.registered('cleo');
    pass(2 * MINUTE);
    const [taken, free] = [
      await register('cleopatra', 'CLEO@example.com'),
      await register('cleopatra', 'nobody-yet@example.com'),
    ];
    expect({ ...taken.body, request_id: '' }).toEqual({ ...free.body, request_id: '' });
    const [, second] = await world.mails.list({ limit: 2 });
    expect(second).toMatchObject({ to: 'cleo@example.com', kind: 'address-in-use' });
    expect(second?.text).not.toContain('#');
  });

  it('asks for another name where the first was taken meanwhile', async () => {
    await register('dora', 'dora-1@example.com');
    await register('dora', 'dora-2@example.com');
    const [first, second] = [
      await world.linkTo('dora-1@example.com'),
      await world.linkTo('dora-2@example.com'),
    ];
    expect((await verify(first)).status).toBe(200);
    const { status, body } = await verify(second);
    expect([status, body.code]).toEqual([409, 'username_taken']);
    expect((await verify(second, 'dora the second')).status).toBe(200);
    expect((await enter('dora-2@example.com')).body.data.username).toBe('dora the second');
    expect((await register('dora', 'dora-3@example.com')).body.code).toBe('username_taken');
  });

  it('runs out after a day, and another link ends the one before', async () => {
    await register('emil', 'emil@example.com');
    const first = await world.linkTo('emil@example.com');
    pass(2 * MINUTE);
    await browser.call('POST', '/api/user/resend-verification', { email: 'emil@example.com' });
    const second = await world.linkTo('emil@example.com');
    expect(second).not.toBe(first);
    expect((await verify(first)).body.code).toBe('link_invalid');
    pass(DAY + MINUTE);
    expect((await verify(second)).body.code).toBe('link_invalid');
    expect((await verify('x'.repeat(43))).body.code).toBe('link_invalid');
  });

  it.each([
    ['a name with @', { username: 'a@b' }, 'username'],
    ['no name', { username: '' }, 'username'],
    ['a name that nobody sees', { username: '\u200b\u3164' }, 'username'],
    ['a name that is read backwards', { username: '\u202eecila' }, 'username'],
    ['no address', { email: '' }, 'email'],
    ['what is no address', { email: 'alice' }, 'email'],
    ['no password', { password: '' }, 'password'],
  ])('with %s is refused at its field', async (_, wrong, field) => {
    const given = { username: 'zoe', email: 'zoe@example.com', password: PASSWORD, ...wrong };
    const { status, body } = await browser.call('POST', '/api/user/register', given);
    expect([status, body.errors.map((each: { field: string }) => each.field)]).toEqual([400, [field]]);
  });

  it.each([
    ['too short', 'Tr0ub4dor', 'password_unfit'],
    ['among the commonest', '1q2w3e4r5t', 'password_common'],
    ['the name', 'fridolin-the-fox', 'password_common'],
  ])('with a password that is %s is refused', async (_, password, code) => {
    expect((await register('fridolin-the-fox', 'fox@example.com', password)).body.code).toBe(code);
  });

  it('needs no link where the setting says so', async () => {
    const meta = { actor: 'cli', requestId: 'test' };
    const set = (value: unknown) => world.ledger.commands.changeSetting({ key: 'registration', value }, meta);
    const changed = await set({ open: true, verify_email: false });
    if (changed.ok) await world.ledger.readModels.waitFor(changed.position, 10_000);
    expect((await register('gwen', 'gwen@example.com')).body.data.status).toBe('registered');
    expect((await enter('gwen')).body.data).toMatchObject({ email_verified: false });
    expect((await register('gwendolyn', 'gwen@example.com')).body.code).toBe('email_taken');

    // And the link comes when it is asked for.
    await browser.call('POST', '/api/user/resend-verification', { email: 'gwen@example.com' });
    expect((await verify(await world.linkTo('gwen@example.com'))).status).toBe(200);
    expect((await browser.call('GET', '/api/auth/me')).body.data.email_verified).toBe(true);

    const closed = await set({ open: false, verify_email: true });
    if (closed.ok) await world.ledger.readModels.waitFor(closed.position, 10_000);
    const { status, body } = await register('hugo', 'hugo@example.com');
    expect([status, body.code, body.details]).toEqual([403, 'registration_closed', { reason: 'closed' }]);
    const open = await set(null);
    if (open.ok) await world.ledger.readModels.waitFor(open.position, 10_000);
  });
});

describe('mails', () => {
  it('are sent to one address once a minute and five times a day, whether or not somebody has it', async () => {
    await world.registered('ida');
    pass(DAY);
    const forgot = (email: string) => browser.call('POST', '/api/auth/password/forgot', { email });
    for (const email of ['ida@example.com', 'nobody@example.com']) {
      expect((await forgot(email)).status).toBe(200);
      const { status, body, headers } = await forgot(email);
      expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'too_many_mails', '60']);
      for (let more = 0; more < 4; more++) {
        pass(MINUTE);
        expect((await forgot(email)).status).toBe(200);
      }
      pass(MINUTE);
      expect((await forgot(email)).body.code).toBe('too_many_mails');
    }
    const sent = await world.mails.list({ limit: 200 });
    expect(sent.filter(({ to }) => to === 'nobody@example.com')).toEqual([]);
    expect(sent.filter(({ to, kind }) => to === 'ida@example.com' && kind === 'reset')).toHaveLength(5);
  });

  it('hold nothing readable in the database', async () => {
    await register('jack', 'jack@example.com');
    for (const table of ['mails', 'pending_registrations', 'mail_tokens', 'sessions', 'user_credentials']) {
      const { rows } = await world.ledger.pool.query(`SELECT * FROM ${table}`);
      expect([
        table,
        JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
      ]).toEqual([table, expect.not.stringMatching(/example\.com|horse|portal/)]);
    }
  });
});

describe('where no mail can be sent', () => {
  it('nobody registers', async () => {
    const silent = await startPeopleServer(() => new Date(clockMs), { canMail: false });
    const { body } = await silent
      .browser()
      .call('POST', '/api/user/register', { username: 'kim', email: 'kim@example.com', password: PASSWORD });
    expect([body.code, body.details]).toEqual(['registration_closed', { reason: 'no_mail' }]);
    await silent.close();
  });
});

describe('registrations from one address', () => {
  it('are five an hour; who is on this machine may do more', async () => {
    const far = await startPeopleServer(() => new Date(clockMs), { addressOf: () => '203.0.113.7' });
    const one = far.browser();
    const statuses: number[] = [];
    for (let number = 1; number <= 6; number++) {
      const person = { username: `user ${number}`, email: `user${number}@example.com`, password: PASSWORD };
      statuses.push((await one.call('POST', '/api/user/register', person)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    await far.close();
  });
});

describe('mails that strangers ask for', () => {
  it('are twenty an hour for one address, so that others go on getting theirs', async () => {
    let address = '203.0.113.7';
    const far = await startPeopleServer(() => new Date(clockMs), { addressOf: () => address });
    const ask = async (path: string, email: string) =>
      (await far.browser().call('POST', path, { email })).status;
    const statuses: number[] = [];
    for (let number = 0; number < 11; number++) {
      statuses.push(await ask('/api/auth/password/forgot', `forgot${number}@example.com`));
      statuses.push(await ask('/api/user/resend-verification', `resend${number}@example.com`));
    }
    expect(statuses).toEqual([...Array<number>(20).fill(200), 429, 429]);
    address = '198.51.100.7';
    expect(await ask('/api/auth/password/forgot', 'honest@example.com')).toBe(200);
    await far.close();
  });
});

describe('a front end', () => {
  it('cannot bring a user who is called as a self-made account is', async () => {
    const { key } = await world.ledger.serviceKeys.create('shop', ['users']);
    const { status, body } = await world.server.call(
      'POST',
      '/sync',
      { external_user_id: 'self-5b1c6d6e-9d6b-4c66-9b59-0d3f4f4c7e10', username: 'mallory' },
      { Authorization: `Bearer ${key}` },
    );
    expect([status, body.errors[0].field]).toEqual([400, 'external_user_id']);
  });
});
