import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityService, startIdentityService } from '../../support/identity-service.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

/*
 * Two services that people sign in with, of which one attacks: it knows no secret of the other, and sends browsers wherever it likes.
 */

let world: PeopleServer;
let honest: IdentityService;
let evil: IdentityService;
let operator: string;
beforeAll(async () => {
  [world, honest, evil] = await Promise.all([
    startPeopleServer(),
    startIdentityService(),
    startIdentityService(),
  ]);
  operator = await world.administration.signIn('root', 'admin');
  expect((await setUp('honest', honest.issuer)).status).toBe(200);
  expect((await setUp('evil', evil.issuer)).status).toBe(200);
});
afterAll(async () => {
  await Promise.all([world.close(), honest.close(), evil.close()]);
});

const setUp = (name: string, issuer: string) =>
  world
    .browser()
    .call(
      'PUT',
      `/api/admin/identity-providers/${name}`,
      { kind: 'oidc', label: name, issuer, client_id: honest.clientId, client_secret: honest.clientSecret },
      { Authorization: `Bearer ${operator}` },
    );
const post = (browser: Browser, path: string, body: object = {}) =>
  browser.call('POST', `/api/auth/${path}`, body);
const begin = async (browser: Browser, provider: string) =>
  new URL((await post(browser, `oidc/${provider}/start`)).body.data.url);
/** Where a browser is sent, with what stands in the address. */
async function sent(url: URL): Promise<Record<string, string>> {
  const there = await fetch(url, { redirect: 'manual' });
  return Object.fromEntries(new URL(there.headers.get('Location') ?? '').searchParams);
}
const victim = { subject: '42', name: 'victim', email: 'victim@example.com', isVerified: true };
const outcome = ({ status, body }: Awaited<ReturnType<Browser['call']>>) => [status, body.code];

async function member(): Promise<Browser> {
  honest.knows(victim);
  const browser = world.browser();
  const back = await sent(await begin(browser, 'honest'));
  const { newcomer } = (await post(browser, 'oidc/honest/callback', back)).body.data;
  if (!newcomer) return browser;
  const given = { ticket: newcomer.ticket, username: victim.name, email: victim.email };
  expect((await post(browser, 'oidc/honest/register', given)).status).toBe(200);
  return browser;
}

describe('of two services that people sign in with', () => {
  beforeAll(member);

  it('the same subject is another person, verified address or not', async () => {
    evil.knows(victim);
    const browser = world.browser();
    const back = await sent(await begin(browser, 'evil'));
    const { me, newcomer } = (await post(browser, 'oidc/evil/callback', back)).body.data;
    expect(me).toBeNull();
    const given = { ticket: newcomer.ticket, username: 'another', email: victim.email };
    expect(outcome(await post(browser, 'oidc/evil/register', given))).toEqual([409, 'email_taken']);
  });

  it('the one that passes a visit on to the other gets nobody in, at whichever callback', async () => {
    honest.knows(victim);
    for (const callback of ['honest', 'evil']) {
      const browser = world.browser();
      // The evil one answers the browser with the honest one’s address, and the state of its own visit.
      const there = await begin(browser, 'evil');
      const passedOn = new URL(`${honest.issuer}/authorize`);
      passedOn.search = there.search;
      passedOn.searchParams.set('redirect_uri', 'https://portal.example.com/portal/callback/honest');
      const back = await sent(passedOn);
      const reply = await post(browser, `oidc/${callback}/callback`, back);
      expect(outcome(reply)).toEqual(
        callback === 'honest' ? [400, 'sign_in_expired'] : [401, 'provider_refused'],
      );
      expect((await browser.call('GET', '/api/auth/me')).status).toBe(401);
    }
  });

  it('a code of the one is redeemed by no visit to the other, nor by another browser’s to the same', async () => {
    honest.knows(victim);
    const theirs = world.browser();
    const stolen = await sent(await begin(theirs, 'honest'));
    const attacker = world.browser();
    for (const provider of ['honest', 'evil']) {
      const own = await sent(await begin(attacker, provider));
      const mixed = { ...own, code: stolen['code'] ?? '' };
      expect(outcome(await post(attacker, `oidc/${provider}/callback`, mixed))).toEqual([
        401,
        'provider_refused',
      ]);
    }
    expect((await attacker.call('GET', '/api/auth/me')).status).toBe(401);
  });

  it.each([
    ['the other’s name as issuer', () => ({ iss: honest.issuer })],
    [
      'both as audience, and the other as issuer',
      () => ({ iss: honest.issuer, aud: [honest.clientId, 'x'] }),
    ],
    [
      'the other’s subject and itself as authorized party',
      () => ({ iss: honest.issuer, azp: honest.clientId }),
    ],
  ])('the one that writes %s into its token is refused', async (_, claims) => {
    evil.knows(victim);
    const browser = world.browser();
    const back = await sent(await begin(browser, 'evil'));
    evil.lies(claims());
    expect(outcome(await post(browser, 'oidc/evil/callback', back))).toEqual([401, 'provider_refused']);
  });

  it('an answer that names the other as who it is of (`iss`) is refused', async () => {
    evil.knows(victim);
    const browser = world.browser();
    const back = await sent(await begin(browser, 'evil'));
    expect(outcome(await post(browser, 'oidc/evil/callback', { ...back, iss: honest.issuer }))).toEqual([
      401,
      'provider_refused',
    ]);
  });

  it('what was begun to link at the one links nothing of the other', async () => {
    const browser = await world.registered('linker');
    honest.knows(victim);
    const started = await post(browser, 'identities/start', { provider: 'evil' });
    const there = new URL(started.body.data.url);
    const passedOn = new URL(`${honest.issuer}/authorize`);
    passedOn.search = there.search;
    const back = await sent(passedOn);
    for (const provider of ['honest', 'evil'])
      expect((await post(browser, 'identities', { provider, ...back })).status).toBeGreaterThanOrEqual(400);
    expect((await browser.call('GET', '/api/auth/identities')).body.data.identities).toEqual([]);
  });
});

describe('a service that calls itself by the other’s name', () => {
  let server: Server;
  let address: string;
  let says: () => object = () => ({});
  beforeAll(async () => {
    server = createServer((_, answer) => {
      answer.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(says()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  it('is not set up', async () => {
    says = () => ({
      issuer: honest.issuer,
      authorization_endpoint: `${address}/authorize`,
      token_endpoint: `${address}/token`,
      jwks_uri: `${address}/jwks`,
    });
    expect(outcome(await setUp('impostor', address))).toEqual([400, 'provider_unfit']);
  });

  it('nor is a secret of the one sent to another address under its name', async () => {
    const asked: (string | undefined)[] = [];
    server.on('request', ({ url }) => asked.push(url));
    const moved = await world
      .browser()
      .call(
        'PUT',
        '/api/admin/identity-providers/honest',
        { kind: 'oidc', label: 'honest', issuer: address, client_id: honest.clientId },
        { Authorization: `Bearer ${operator}` },
      );
    expect(outcome(moved)).toEqual([400, 'provider_secret_missing']);
    // By the setting itself, whose value names the secret by its id.
    const settings = await world
      .browser()
      .call('GET', '/api/admin/settings', undefined, { Authorization: `Bearer ${operator}` });
    const [value] = settings.body.data.settings
      .filter(({ key }: { key: string }) => key === 'identity_providers')
      .map((each: { value: object[] }) => each.value.map((one) => ({ ...one, issuer: address })));
    const changed = await world
      .browser()
      .call(
        'PUT',
        '/api/admin/settings/identity_providers',
        { value },
        { Authorization: `Bearer ${operator}` },
      );
    expect(changed.status).toBe(200);
    expect(outcome(await post(world.browser(), 'oidc/honest/start'))).toEqual([404, 'provider_not_found']);
    expect(asked.filter((url) => url?.includes('token'))).toEqual([]);
  });
});
