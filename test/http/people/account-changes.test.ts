import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer(() => new Date(clockMs));
});
afterAll(() => world.close());

const stepUp = (browser: Browser, password = PASSWORD) =>
  browser.call('POST', '/api/auth/step-up', { password });
const askEmail = (browser: Browser, email: string) => browser.call('POST', '/api/auth/email', { email });
const confirm = (browser: Browser, token: string) =>
  browser.call('POST', '/api/auth/email/confirm', { token });
const me = async (browser: Browser) => (await browser.call('GET', '/api/auth/me')).body.data;
const enter = (login: string) =>
  world.browser().call('POST', '/api/auth/login', { login, password: PASSWORD });
const mailsTo = async (address: string) =>
  (await world.mails.list({ limit: 200 })).filter(({ to }) => to === address).map(({ kind }) => kind);

describe('a fresh proof of who one is', () => {
  it('is asked for after ten minutes, and given by the password, which goes on under another cookie', async () => {
    const browser = await world.registered('amy');
    const before = { ...(await me(browser)).session, secret: browser.cookies.get('counterfoil_session') };
    pass(10 * MINUTE);
    expect((await askEmail(browser, 'amy@new.example.com')).body).toMatchObject({
      code: 'step_up_required',
      details: { within_seconds: 600 },
    });
    expect((await stepUp(browser, 'not the password')).body.code).toBe('login_failed');
    expect((await stepUp(browser)).status).toBe(200);
    const { session } = await me(browser);
    expect(session.id).not.toBe(before.id);
    const old = world.browser();
    old.cookies.set('counterfoil_session', before.secret ?? '');
    expect((await old.call('GET', '/api/auth/me')).status).toBe(401);
    expect((await askEmail(browser, 'amy@new.example.com')).status).toBe(200);
    pass(10 * MINUTE - 1_000);
    expect((await browser.call('DELETE', '/api/user/self')).body.code).not.toBe('step_up_required');
  });

  it('counts as attempts to sign in', async () => {
    const browser = await world.registered('bob');
    pass(10 * MINUTE);
    for (let guess = 0; guess < 6; guess++) await stepUp(browser, 'a wrong password');
    expect((await stepUp(browser)).body.code).toBe('too_many_logins');
  });
});

describe('another address', () => {
  it('holds once the link was used that was sent to it; the old one is told and is free', async () => {
    const browser = await world.registered('cleo');
    await askEmail(browser, 'Cleo@New.example.com');
    expect((await me(browser)).email).toBe('cleo@example.com');
    const token = await world.linkTo('Cleo@New.example.com');
    expect((await confirm(world.browser(), token)).status).toBe(200);
    expect(await me(browser)).toMatchObject({ email: 'Cleo@New.example.com', email_verified: true });
    expect(await mailsTo('cleo@example.com')).toContain('address-changed');
    expect([(await enter('cleo@new.example.com')).status, (await enter('cleo@example.com')).status]).toEqual([
      200, 401,
    ]);
    pass(2 * MINUTE);
    await world.registered('cleo2', 'cleo@example.com');
    expect((await confirm(browser, token)).body.code).toBe('link_invalid');
    expect((await me(browser)).email).toBe('Cleo@New.example.com');
  });

  it('has a link that lives for an hour, is the last one, and ends with the password', async () => {
    const browser = await world.registered('dora');
    await askEmail(browser, 'dora@one.example.com');
    const first = await world.linkTo('dora@one.example.com');
    await askEmail(browser, 'dora@two.example.com');
    const second = await world.linkTo('dora@two.example.com');
    expect((await confirm(browser, first)).body.code).toBe('link_invalid');
    pass(60 * MINUTE);
    expect((await confirm(browser, second)).body.code).toBe('link_invalid');
    await stepUp(browser);
    await askEmail(browser, 'dora@two.example.com');
    const third = await world.linkTo('dora@two.example.com');
    await browser.call('POST', '/api/auth/password/forgot', { email: 'dora@example.com' });
    const token = await world.linkTo('dora@example.com');
    await browser.call('POST', '/api/auth/password/reset', { token, password: 'staple correct horse' });
    expect((await confirm(browser, third)).body.code).toBe('link_invalid');
  });

  it('is told nobody of that it belongs to somebody; its owner is', async () => {
    const [browser] = [await world.registered('eric'), await world.registered('fran')];
    pass(2 * MINUTE);
    const [taken, free] = [
      await askEmail(browser, 'FRAN@example.com'),
      await askEmail(browser, 'nobody@example.com'),
    ];
    const told = ({ status, body }: typeof taken) => ({ status, ...body, request_id: '' });
    expect(told(taken)).toEqual(told(free));
    expect((await mailsTo('fran@example.com'))[0]).toBe('address-in-use');
    expect(await mailsTo('FRAN@example.com')).toEqual([]);
  });

  it('taken by somebody else before the link was used is refused', async () => {
    const browser = await world.registered('gina');
    await askEmail(browser, 'wanted@example.com');
    const token = await world.linkTo('wanted@example.com');
    pass(2 * MINUTE);
    await world.registered('hugo', 'wanted@example.com');
    expect((await confirm(browser, token)).body.code).toBe('email_taken');
    expect((await me(browser)).email).toBe('gina@example.com');
  });
});

describe('the language of a person', () => {
  it('is that of the registration, then the one that is chosen; mails are in it, whoever asks for them', async () => {
    const browser = await world.registered('lena');
    expect(await me(browser)).toMatchObject({ language: 'en' });
    const speak = (language: unknown) => browser.call('PATCH', '/api/user/self', { language });
    expect((await speak('fr')).body.errors[0]).toMatchObject({ field: 'language' });
    expect((await speak('zh')).body.data).toMatchObject({ language: 'zh', display_name: '' });
    expect(await me(browser)).toMatchObject({ language: 'zh' });
    pass(2 * MINUTE);
    const english = { 'Accept-Language': 'en' };
    await world.browser().call('POST', '/api/auth/password/forgot', { email: 'lena@example.com' }, english);
    const [mail] = await world.mails.list({ limit: 1 });
    expect(mail).toMatchObject({ to: 'lena@example.com', kind: 'reset', subject: '重置密码' });
  });
});

describe('an account', () => {
  it('is deleted by its person, with all that is known of them', async () => {
    const browser = await world.registered('ida');
    const { external_user_id } = await me(browser);
    pass(10 * MINUTE);
    expect((await browser.call('DELETE', '/api/user/self')).body.code).toBe('step_up_required');
    await stepUp(browser);
    expect((await browser.call('DELETE', '/api/user/self')).body.data).toEqual({ deleted: true });
    expect([browser.cookies.size, (await enter('ida')).status]).toEqual([0, 401]);
    const [erased] = (await world.ledger.events('account-erased')).slice(-1);
    const account = await world.ledger.readModels.account(external_user_id);
    expect([erased?.['by'], account?.personal]).toEqual([`account:${account?.accountId}`, undefined]);
  });

  it('is neither deleted nor moved to another address by a front end', async () => {
    const key = await world.ledger.serviceKeys.create('shop', ['sessions']);
    const own = await world.registered('jack');
    const { external_user_id } = await me(own);
    const { body } = await world.server.call(
      'POST',
      '/session',
      { external_user_id },
      { Authorization: `Bearer ${key.key}` },
    );
    const browser = world.browser();
    await browser.call('POST', '/api/auth/handover', { code: body.data.url.split('#')[1] });
    const answers = [
      await askEmail(browser, 'thief@example.com'),
      await stepUp(browser),
      await browser.call('DELETE', '/api/user/self'),
    ];
    expect(answers.map((each) => each.body.code)).toEqual(Array(3).fill('session_limited'));
    expect((await enter('jack')).status).toBe(200);
  });
});

describe('a name', () => {
  const register = (username: string) =>
    world.browser().call('POST', '/api/user/register', {
      username,
      email: `${encodeURIComponent(username).replaceAll('%', '')}${Math.random()}@example.com`,
      password: PASSWORD,
    });

  it.each(['LIN', 'Lin', 'lIn', 'ｌｉｎ'])(
    'that differs from another in letter case alone is taken: %s',
    async (name) => {
      if ((await enter('lin')).status !== 200) await world.registered('lin');
      expect((await register(name)).body.code).toBe('username_taken');
    },
  );

  it('signs its person in however it is typed', async () => {
    await world.registered('KayLee', 'kaylee@example.com');
    expect([(await enter('kaylee')).status, (await enter('KAYLEE')).status]).toEqual([200, 200]);
    expect((await register('kaylee')).body.code).toBe('username_taken');
  });
});
