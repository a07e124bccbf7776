import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHOP = 'https://shop.example.com';
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
let world: PeopleServer;
let key: { readonly id: string; readonly key: string };
beforeAll(async () => {
  world = await startPeopleServer(() => new Date(clockMs));
  key = await world.ledger.serviceKeys.create('shop', ['users', 'sessions'], [SHOP]);
  await sync('u-1', 'brought');
});
afterAll(() => world.close());

const as = (service: string) => ({ Authorization: `Bearer ${service}`, 'Accept-Language': 'en' });
const sync = (external_user_id: string, username: string) =>
  world.server.call('POST', '/sync', { external_user_id, username }, as(key.key));
const handOver = (body: object = {}, service = key.key) =>
  world.server.call('POST', '/session', { external_user_id: 'u-1', ...body }, as(service));
const codeOf = ({ body }: { body: { data: { url: string } } }) => body.data.url.split('#')[1] ?? '';
const enter = (browser: Browser, code: string) => browser.call('POST', '/api/auth/handover', { code });
const me = async (browser: Browser) => (await browser.call('GET', '/api/auth/me')).status;

describe('a handover', () => {
  it('is an address with a code behind #, kept as a keyed hash', async () => {
    const reply = await handOver();
    expect(reply.body.data).toEqual({
      url: expect.stringMatching(/^https:\/\/portal\.example\.com\/portal\/enter#[\w-]{43}$/),
      expires_at: clockMs / 1_000 + 60,
    });
    const { rows } = await world.ledger.pool.query('SELECT * FROM handovers');
    expect(JSON.stringify(rows)).not.toContain(codeOf(reply));
  });

  it('signs the browser in that comes first, with what the front end asked for', async () => {
    const code = codeOf(
      await handOver({ page: '/portal/settings', return_url: `${SHOP}/account?tab=1`, locale: 'zh' }),
    );
    const browser = world.browser();
    const { status, body, headers } = await enter(browser, code);
    expect([status, body.data.page, body.data.language]).toEqual([200, '/portal/settings', 'zh']);
    expect(headers.getSetCookie()[0]).toMatch(
      /^counterfoil_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict/,
    );
    expect(body.data.me).toMatchObject({
      external_user_id: 'u-1',
      has_password: false,
      session: {
        method: 'handover',
        via: `service-key:${key.id}`,
        return_url: `${SHOP}/account?tab=1`,
        expires_at: clockMs / 1_000 + 8 * 3_600,
      },
    });
    expect(await me(browser)).toBe(200);
  });

  it('is refused twice, also at the same moment, and late', async () => {
    const code = codeOf(await handOver());
    const [one, other] = [world.browser(), world.browser()];
    const answers = await Promise.all([enter(one, code), enter(other, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const { body } = await enter(world.browser(), code);
    expect(body.code).toBe('handover_invalid');
    const late = codeOf(await handOver({ ttl_seconds: 300 }));
    pass(5 * MINUTE);
    expect((await enter(world.browser(), late)).body.code).toBe('handover_invalid');
  });

  it.each([
    ['https://evil.example/'],
    ['https://shop.example.com.evil.example/'],
    ['https://shop.example.com@evil.example/'],
    ['https://shop.example.com:8443/'],
    ['http://shop.example.com/'],
    ['javascript:alert(1)'],
    ['//shop.example.com/'],
  ])('leads back to no address of an origin that the key does not list: %s', async (return_url) => {
    const { status, body } = await handOver({ return_url });
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'invalid_request', 'return_url']);
  });

  it.each([
    ['https://evil.example/portal'],
    ['//evil.example'],
    ['/admin'],
    ['/portal/../admin'],
    ['/portal//x'],
  ])('begins at no page that is not of the Portal: %s', async (page) => {
    expect((await handOver({ page })).body.errors[0].field).toBe('page');
  });

  it('needs its scope, a user that there is, and no more than five minutes', async () => {
    const { key: other } = await world.ledger.serviceKeys.create('dashboard', ['users', 'read']);
    expect((await handOver({}, other)).body).toMatchObject({
      code: 'forbidden',
      details: { scope: 'sessions' },
    });
    expect((await handOver({ external_user_id: 'nobody' })).body.code).toBe('account_not_found');
    expect((await handOver({ ttl_seconds: 301 })).status).toBe(400);
  });

  it('is not used by a page of another site', async () => {
    const code = codeOf(await handOver());
    const foreign = { 'Sec-Fetch-Site': 'cross-site' };
    const browser = world.browser();
    expect((await browser.call('POST', '/api/auth/handover', { code }, foreign)).body.code).toBe(
      'cross_site',
    );
    expect((await enter(browser, code)).status).toBe(200);
  });
});

describe('a session that was handed over', () => {
  const entered = async () => {
    const browser = world.browser();
    await enter(browser, codeOf(await handOver()));
    return browser;
  };

  it('changes nothing of how its person signs in, and gets no token, which would not be told from another', async () => {
    const own = await world.registered('own');
    const { external_user_id } = (await own.call('GET', '/api/auth/me')).body.data;
    const browser = world.browser();
    await enter(browser, codeOf(await handOver({ external_user_id })));
    const changed = await browser.call('POST', '/api/auth/password', {
      current_password: PASSWORD,
      new_password: 'staple correct horse',
    });
    const renewed = await browser.call('POST', '/api/auth/renew');
    expect([changed, renewed].map(({ status, body }) => [status, body.code])).toEqual([
      [403, 'session_limited'],
      [403, 'session_limited'],
    ]);
    const again = await own.call('POST', '/api/auth/login', { login: 'own', password: PASSWORD });
    expect(again.status).toBe(200);
  });

  it('ends after eight hours, however much it is used', async () => {
    const browser = await entered();
    for (let hours = 0; hours < 8; hours++) {
      expect(await me(browser)).toBe(200);
      pass(HOUR);
    }
    expect(await me(browser)).toBe(401);
  });

  it('ends with the service key that vouched for it, and codes that were not used with it', async () => {
    const made = await world.ledger.serviceKeys.create('let go', ['sessions']);
    const [browser, other] = [world.browser(), await entered()];
    await enter(browser, codeOf(await handOver({}, made.key)));
    const unused = codeOf(await handOver({}, made.key));
    await world.ledger.serviceKeys.revoke(made.id);
    expect([await me(browser), (await enter(world.browser(), unused)).status, await me(other)]).toEqual([
      401, 400, 200,
    ]);
  });

  it('is none where another process still took the key for good', async () => {
    const made = await world.ledger.serviceKeys.create('stolen', ['sessions']);
    const code = codeOf(await handOver({}, made.key));
    const browser = world.browser();
    await enter(browser, codeOf(await handOver({}, made.key)));
    // As another process revokes it; this one has just seen it, and takes it for seconds.
    await world.ledger.pool.query('UPDATE service_keys SET revoked_at = now() WHERE id = $1', [made.id]);
    const late = await handOver({}, made.key);
    expect(late.status).toBe(200);
    expect([
      await me(browser),
      (await enter(world.browser(), code)).body.code,
      (await enter(world.browser(), codeOf(late))).body.code,
    ]).toEqual([401, 'handover_invalid', 'handover_invalid']);
  });

  it('ends with its person, who cannot be handed over any more', async () => {
    await sync('u-2', 'leaving');
    const browser = world.browser();
    const [used, unused] = [
      codeOf(await handOver({ external_user_id: 'u-2' })),
      codeOf(await handOver({ external_user_id: 'u-2' })),
    ];
    await enter(browser, used);
    await world.ledger.commands.eraseAccount(
      { externalUserId: 'u-2', reason: 'asked' },
      { actor: 'cli', requestId: 'test' },
    );
    expect([await me(browser), (await enter(world.browser(), unused)).status]).toEqual([401, 400]);
    expect((await handOver({ external_user_id: 'u-2' })).body.code).toBe('account_erased');
  });
});
