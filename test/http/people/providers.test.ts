import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityService, type Known, startIdentityService } from '../../support/identity-service.js';
import { codeAt } from '../support/authenticator.js';
import { type Browser, PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
let aside = 0;
const now = () => new Date(Date.now() + aside);
let world: PeopleServer;
let service: IdentityService;
let operator: string;
beforeAll(async () => {
  [world, service] = await Promise.all([startPeopleServer(now), startIdentityService()]);
  operator = await world.administration.signIn('root', 'admin');
  for (const [name, kind, label] of [
    ['company', 'oidc', 'Company'],
    ['github', 'github', 'GitHub'],
  ] as const)
    expect((await setUp(name, { kind, label })).status).toBe(200);
});
afterAll(async () => {
  await Promise.all([world.close(), service.close()]);
});

const admin = (method: string, path: string, body?: unknown) =>
  world.browser().call(method, `/api/admin/identity-providers${path}`, body, {
    Authorization: `Bearer ${operator}`,
  });
const setUp = (name: string, given: object) =>
  admin('PUT', `/${name}`, {
    issuer: service.issuer,
    client_id: service.clientId,
    client_secret: service.clientSecret,
    ...given,
  });
const post = (browser: Browser, path: string, body: object = {}) =>
  browser.call('POST', `/api/auth/${path}`, body);
const me = async (browser: Browser) => (await browser.call('GET', '/api/auth/me')).body.data;

/** To the service and back: what stands in the address of the page. */
async function back(url: string) {
  const there = await fetch(url, { redirect: 'manual' });
  const { searchParams } = new URL(there.headers.get('Location') ?? '');
  return { code: searchParams.get('code') ?? '', state: searchParams.get('state') ?? '' };
}

async function come(browser: Browser, provider: string, known?: Known) {
  if (known) service.knows(known);
  const { url } = (await post(browser, `oidc/${provider}/start`)).body.data;
  return post(browser, `oidc/${provider}/callback`, await back(url));
}

async function link(browser: Browser, provider: string, known: Known) {
  service.knows(known);
  const started = await post(browser, 'identities/start', { provider });
  if (started.status !== 200) return started;
  return post(browser, 'identities', { provider, ...(await back(started.body.data.url)) });
}

const person = (subject: string, name: string, email = `${name}@example.com`, isVerified = true): Known => ({
  subject,
  name,
  email,
  isVerified,
});

/** In both one number would be one person: a service here is an issuer. */
const numbered = (number: string, provider: string) => (provider === 'github' ? `9${number}` : number);

/** Comes for the first time, and registers. */
async function newcomer(provider: string, known: Known, email = known.email) {
  const browser = world.browser();
  const { newcomer: ticket } = (await come(browser, provider, known)).body.data;
  const given = { ticket: ticket.ticket, username: known.name, email };
  return { browser, ticket, reply: await post(browser, `oidc/${provider}/register`, given) };
}

describe.each(['company', 'github'])('signing in with %s', (provider) => {
  it('makes an account of who comes for the first time, at once where the address was verified there, and knows them again', async () => {
    const ann = person(numbered('1001', provider), `ann-${provider}`);
    const { browser, ticket, reply } = await newcomer(provider, ann);
    expect(ticket).toMatchObject({ username: ann.name, email: ann.email });
    expect(reply.body.data).toMatchObject({
      status: 'registered',
      me: { username: ann.name, email: ann.email, email_verified: true },
    });
    expect(await me(browser)).toMatchObject({ session: { method: `provider:${provider}` } });
    const again = world.browser();
    const { body } = await come(again, provider, { ...ann, name: 'another', email: 'another@example.com' });
    expect(body.data).toMatchObject({ newcomer: null, me: { username: ann.name } });
    const { identities } = (await again.call('GET', '/api/auth/identities')).body.data;
    expect(identities).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{64}$/), provider, label: expect.any(String) },
    ]);
  });

  it('never links by an address, verified or not: who has an account signs in to it and links', async () => {
    const name = `ben-${provider}`;
    const owner = await world.registered(name);
    const ben = person(numbered('2001', provider), name);
    // Of one that the service has verified it says so; of another one its owner is written to.
    const verified = await newcomer(provider, { ...ben, name: `${name}-2` });
    expect([verified.reply.status, verified.reply.body.code]).toEqual([409, 'email_taken']);
    aside += 2 * MINUTE;
    const unverified = await newcomer(provider, { ...ben, name: `${name}-3`, isVerified: false });
    expect(unverified.ticket.email).toBeNull();
    expect(unverified.reply.body.data).toEqual({ status: 'verification_sent', me: null });
    expect(await world.linkTo(ben.email)).toBe('');
    expect((await owner.call('GET', '/api/auth/identities')).body.data.identities).toEqual([]);

    expect((await link(owner, provider, ben)).status).toBe(200);
    expect((await come(world.browser(), provider, ben)).body.data.me.username).toBe(name);
    const other = await world.registered(`bob-${provider}`);
    const taken = await link(other, provider, ben);
    expect([taken.status, taken.body.code]).toEqual([409, 'identity_taken']);
  });

  it('asks for the link of a mail where the address was not verified there', async () => {
    const cat = person(numbered('3001', provider), `cat-${provider}`, undefined, false);
    const { reply, browser } = await newcomer(provider, cat);
    expect(reply.body.data.status).toBe('verification_sent');
    expect((await browser.call('GET', '/api/auth/me')).status).toBe(401);
    const token = await world.linkTo(cat.email);
    expect((await browser.call('POST', '/api/user/verify-email', { token })).status).toBe(200);
    expect((await come(browser, provider, cat)).body.data.me.username).toBe(cat.name);
  });
});

describe.each(['company', 'github'])('whoever was invited, and comes by %s', (provider) => {
  it('is bound to who invited them, with an address that was verified there and by the link of a mail; the code waits here', async () => {
    const inviter = await world.registered(`inviter-${provider}`);
    const { aff_code } = (await inviter.call('POST', '/api/user/referral/code', {})).body.data;
    const registerBy = async (known: Known, code: string) => {
      const browser = world.browser();
      service.knows(known);
      const { url } = (await post(browser, `oidc/${provider}/start`, { aff_code: code })).body.data;
      // The service hears nothing of it.
      expect(url).not.toContain(code);
      const { body } = await post(browser, `oidc/${provider}/callback`, await back(url));
      const { ticket } = body.data.newcomer;
      const given = { ticket, username: known.name, email: known.email };
      return (await post(browser, `oidc/${provider}/register`, given)).body.data.status;
    };
    const [eve, fay, gus] = [
      person(numbered('6101', provider), `eve-${provider}`),
      person(numbered('6102', provider), `fay-${provider}`, undefined, false),
      person(numbered('6103', provider), `gus-${provider}`),
    ];
    expect(await registerBy(eve, aff_code)).toBe('registered');
    expect(await registerBy(fay, aff_code)).toBe('verification_sent');
    const token = await world.linkTo(fay.email);
    expect((await world.browser().call('POST', '/api/user/verify-email', { token })).status).toBe(200);
    // A code that nobody has is left alone.
    expect(await registerBy(gus, 'NOBODY99')).toBe('registered');
    await world.ledger.caughtUp();
    expect((await inviter.call('GET', '/api/user/referral')).body.data).toMatchObject({ invited: 2 });
  });
});

describe('the way back', () => {
  const dan = person('4001', 'dan');

  it('is of the browser that went, once, and within ten minutes', async () => {
    service.knows(dan);
    const browser = world.browser();
    const start = async () => back((await post(browser, 'oidc/company/start')).body.data.url);
    const first = await start();
    const elsewhere = await post(world.browser(), 'oidc/company/callback', first);
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, 'sign_in_expired']);
    expect((await post(browser, 'oidc/company/callback', first)).status).toBe(200);
    expect((await post(browser, 'oidc/company/callback', first)).body.code).toBe('sign_in_expired');
    const late = await start();
    aside += 11 * MINUTE;
    expect((await post(browser, 'oidc/company/callback', late)).body.code).toBe('sign_in_expired');
    const [one, other] = [await start(), await start()];
    // Of two tabs the last one counts.
    const wrong = await post(browser, 'oidc/company/callback', one);
    expect([wrong.status, wrong.body.code]).toEqual([401, 'provider_refused']);
    expect((await post(browser, 'oidc/company/callback', other)).body.code).toBe('sign_in_expired');
  });

  it('gives its browser a cookie that follows a link of another site, and no script reads', async () => {
    const reply = await post(world.browser(), 'oidc/company/start');
    const [cookie = ''] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/^counterfoil_provider=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const url = new URL(reply.body.data.url);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^sign-in\.[\w-]{43}$/),
      redirect_uri: 'https://portal.example.com/portal/callback/company',
    });
  });

  it.each([
    ['another state', undefined, { state: 'sign-in.another' }],
    ['another code', undefined, { code: 'another' }],
    ['another nonce', { nonce: 'another' }, {}],
    ['another issuer', { iss: 'https://evil.example.com' }, {}],
    ['another audience', { aud: 'another' }, {}],
    ['a token of yesterday', { exp: 1 }, {}],
  ])('is refused with %s', async (_, lie, given) => {
    service.knows(dan);
    const browser = world.browser();
    const answered = await back((await post(browser, 'oidc/company/start')).body.data.url);
    if (lie) service.lies(lie);
    const before = world.faults.length;
    const reply = await post(browser, 'oidc/company/callback', { ...answered, ...given });
    expect([reply.status, reply.body.code]).toEqual([401, 'provider_refused']);
    expect(world.faults).toHaveLength(before + 1);
    service.lies({});
  });

  it('signs nobody in with what was begun to link, nor the other way round', async () => {
    service.knows(dan);
    const browser = await world.registered('dora');
    const linking = await back(
      (await post(browser, 'identities/start', { provider: 'company' })).body.data.url,
    );
    expect((await post(browser, 'oidc/company/callback', linking)).body.code).toBe('sign_in_expired');
    const entering = await back((await post(browser, 'oidc/company/start')).body.data.url);
    const reply = await post(browser, 'identities', { provider: 'company', ...entering });
    expect(reply.body.code).toBe('sign_in_expired');
  });

  it('is not taken from a page of somebody else', async () => {
    const reply = await world
      .browser()
      .call(
        'POST',
        '/api/auth/oidc/company/callback',
        { code: 'a', state: 'b' },
        { 'Sec-Fetch-Site': 'cross-site' },
      );
    expect([reply.status, reply.body.code]).toEqual([403, 'cross_site']);
  });
});

describe('an account with a linked service', () => {
  it('asks for its second factor all the same', async () => {
    const eve = person('5001', 'eve');
    const browser = await world.registered('eve');
    await link(browser, 'company', eve);
    const { secret } = (await post(browser, 'totp')).body.data;
    await post(browser, 'totp/confirm', { code: codeAt(secret, now()) });
    aside += MINUTE;
    const other = world.browser();
    const { status, body } = await come(other, 'company', eve);
    expect([status, body.code]).toEqual([202, 'second_factor_required']);
    expect((await other.call('GET', '/api/auth/me')).status).toBe(401);
    const { ticket } = body.data;
    const entered = await post(other, 'login/second-factor', { ticket, code: codeAt(secret, now()) });
    expect(entered.body.data.session.method).toBe('provider:company+totp');
  });

  it('is linked and unlinked by a fresh proof alone, and coming by a service is none', async () => {
    const fay = person('6001', 'fay');
    const browser = await world.registered('fay');
    aside += 11 * MINUTE;
    expect((await link(browser, 'company', fay)).body.code).toBe('step_up_required');
    await post(browser, 'step-up', { password: PASSWORD });
    await link(browser, 'company', fay);
    const other = world.browser();
    await come(other, 'company', fay);
    const [{ id }] = (await other.call('GET', '/api/auth/identities')).body.data.identities;
    expect((await other.call('DELETE', `/api/auth/identities/${id}`)).body.code).toBe('step_up_required');
    expect((await post(other, 'totp')).body.code).toBe('step_up_required');
    expect((await browser.call('DELETE', `/api/auth/identities/${id}`)).status).toBe(200);
    expect((await browser.call('DELETE', `/api/auth/identities/${id}`)).body.code).toBe('identity_not_found');
    expect((await come(world.browser(), 'company', fay)).body.data.me).toBeNull();
    // It is free for whoever is it.
    const gus = await world.registered('gus');
    expect((await link(gus, 'company', fay)).status).toBe(200);
  });

  it('that has no password gets one by a mail', async () => {
    const { browser } = await newcomer('company', person('7001', 'hal'));
    expect((await post(browser, 'step-up', { password: PASSWORD })).body.code).toBe('login_failed');
    aside += 2 * MINUTE;
    await post(browser, 'password/forgot', { email: 'hal@example.com' });
    const token = await world.linkTo('hal@example.com');
    expect((await post(browser, 'password/reset', { token, password: PASSWORD })).status).toBe(200);
    const entered = await post(world.browser(), 'login', { login: 'hal', password: PASSWORD });
    expect(entered.status).toBe(200);
  });

  it('is in the log by keyed hashes, and ends with the person', async () => {
    const ivy = person('8001-ivy', 'ivy');
    const { browser } = await newcomer('company', ivy);
    const linked = await world.ledger.events('identity-linked');
    expect(linked.at(-1)).toMatchObject({
      provider: 'company',
      identity_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(linked)).not.toContain('8001-ivy');
    const { external_user_id: id } = await me(browser);
    const done = await world.ledger.commands.eraseAccount(
      { externalUserId: id, reason: 'asked' },
      { actor: 'cli', requestId: 'test' },
    );
    expect(done.ok).toBe(true);
    expect((await come(world.browser(), 'company', ivy)).body.data).toMatchObject({ me: null });
    const again = await newcomer('company', { ...ivy, name: 'ivy-2', email: 'ivy-2@example.com' });
    expect(again.reply.body.data.status).toBe('registered');
  });
});

describe('services, as operators set them up', () => {
  it('are told to everybody by name alone, and their secrets to nobody', async () => {
    const open = await world.browser().call('GET', '/api/auth/providers');
    expect(open.body.data.providers).toEqual([
      { name: 'company', kind: 'oidc', label: 'Company' },
      { name: 'github', kind: 'github', label: 'GitHub' },
    ]);
    const told = [
      (await admin('GET', '')).text,
      (
        await world.ledger.pool.query(
          'SELECT t::text AS row FROM provider_secrets t UNION ALL SELECT e.data::text FROM events e',
        )
      ).rows
        .map(({ row }) => String(row))
        .join('\n'),
    ];
    for (const each of told) expect(each).not.toContain(service.clientSecret);
  });

  it('are asked before they are saved, and get their secret again at another address', async () => {
    const unfit = await setUp('nowhere', { kind: 'oidc', label: 'Nowhere', issuer: 'http://127.0.0.1:9' });
    expect([unfit.status, unfit.body.code]).toEqual([400, 'provider_unfit']);
    const given = { kind: 'oidc', label: 'Firm', issuer: service.issuer, client_id: service.clientId };
    expect((await admin('PUT', '/company', given)).status).toBe(200);
    const elsewhere = await admin('PUT', '/company', { ...given, issuer: 'http://localhost:1' });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, 'provider_secret_missing']);
    const insecure = await setUp('plain', { kind: 'github', label: 'Plain', issuer: 'http://example.com' });
    expect(insecure.body.code).toBe('setting_invalid');
    await admin('PUT', '/company', { ...given, label: 'Company' });
  });

  it('are taken back', async () => {
    await setUp('other', { kind: 'github', label: 'Other' });
    expect((await admin('DELETE', '/other')).status).toBe(200);
    expect((await admin('DELETE', '/other')).body.code).toBe('provider_not_found');
    expect((await post(world.browser(), 'oidc/other/start')).body.code).toBe('provider_not_found');
  });
});
