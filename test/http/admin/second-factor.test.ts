import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Role } from '../../../src/domain/operator/roles.js';
import { PATIENCE_MS } from '../../support/eventually.js';
import { codeAt } from '../support/authenticator.js';
import { type Browser, PASSWORD, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const MINUTE = 60_000;
let clockMs = Date.parse('2026-11-21T10:00:00Z');
const pass = (ms: number) => (clockMs += ms);
const code = (secret: string, aside = 0) => codeAt(secret, new Date(clockMs), aside);
let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer(() => new Date(clockMs));
});
afterAll(() => world.close());

const post = (browser: Browser, path: string, body?: unknown) =>
  browser.call('POST', `/api/admin/${path}`, body);
const me = async (browser: Browser) => (await browser.call('GET', '/api/admin/me')).status;
const login = (name: string, given: { code?: string } = {}) =>
  post(world.browser(), 'login', { name, password: PASSWORD, ...given });

/** A browser that an operator has just logged in at. */
async function operator(name: string, role: Role = 'admin'): Promise<Browser> {
  await world.administration.signIn(name, role);
  const browser = world.browser();
  expect((await post(browser, 'session', { name, password: PASSWORD })).status).toBe(200);
  return browser;
}

/** And has set up an authenticator. */
async function withFactor(name: string, role: Role = 'admin') {
  const browser = await operator(name, role);
  const { secret } = (await post(browser, 'totp')).body.data;
  const { recovery_codes: codes } = (await post(browser, 'totp/confirm', { code: code(secret) })).body.data;
  pass(MINUTE);
  return { browser, secret: secret as string, codes: codes as string[] };
}

async function change(key: 'operator_second_factor', value: 'optional' | 'required'): Promise<void> {
  const meta = { actor: 'cli', requestId: 'test' };
  const changed = await world.ledger.commands.changeSetting({ key, value }, meta);
  if (changed.ok) await world.ledger.readModels.waitFor(changed.position, PATIENCE_MS);
}

describe("an operator's authenticator", () => {
  it('is asked for at the browser, after the password, and each code is taken once', async () => {
    const { secret } = await withFactor('ann');
    const browser = world.browser();
    const half = await post(browser, 'session', { name: 'ann', password: PASSWORD });
    expect([half.status, half.body.code, browser.cookies.size]).toEqual([202, 'second_factor_required', 0]);
    const second = (given: string) =>
      post(browser, 'session/second-factor', { ticket: half.body.data.ticket, code: given });
    expect((await second('000000x')).body.code).toBe('second_factor_wrong');
    const given = code(secret);
    expect((await second(given)).body.data).toMatchObject({ name: 'ann', role: 'admin' });
    expect(await me(browser)).toBe(200);
    const again = (await post(browser, 'session', { name: 'ann', password: PASSWORD })).body.data.ticket;
    const replayed = await post(browser, 'session/second-factor', { ticket: again, code: given });
    expect(replayed.body.code).toBe('second_factor_wrong');
    expect((await second(code(secret, 1))).body.code).toBe('sign_in_expired');
  });

  it('is asked for with the password where a program wants a token', async () => {
    const { secret, codes } = await withFactor('ben');
    expect((await login('ben')).body.code).toBe('second_factor_required');
    expect((await login('ben', { code: code(secret, 7) })).body.code).toBe('second_factor_wrong');
    expect((await login('ben', { code: code(secret) })).status).toBe(200);
    expect((await login('ben', { code: codes[0] ?? '' })).status).toBe(200);
    expect((await login('ben', { code: codes[0] ?? '' })).body.code).toBe('second_factor_wrong');
  });

  it('is told in the log, and taken away by another admin for who has lost it', async () => {
    const { browser } = await withFactor('cat');
    const added = (await world.ledger.events('operator-second-factor-added')).slice(-2);
    expect(added.map((each) => [each['name'], each['factor'], each['by']])).toEqual([
      ['cat', 'totp', 'operator:cat'],
      ['cat', 'recovery', 'operator:cat'],
    ]);
    const root = await operator('root');
    expect((await root.call('DELETE', '/api/admin/operators/cat/second-factor')).status).toBe(200);
    expect([await me(browser), (await login('cat')).status]).toEqual([401, 200]);
    const removed = await world.ledger.events('operator-second-factor-removed');
    expect(removed.at(-1)).toMatchObject({ name: 'cat', by: 'operator:root' });
  });

  it('opens nothing once the operator was disabled between the two steps', async () => {
    const { secret } = await withFactor('dan', 'finance');
    const { ticket } = (await post(world.browser(), 'session', { name: 'dan', password: PASSWORD })).body
      .data;
    const root = await operator('ruth');
    await root.call('PATCH', '/api/admin/operators/dan', { enabled: false, reason: 'left' });
    const second = await post(world.browser(), 'session/second-factor', { ticket, code: code(secret) });
    expect(second.body.code).toBe('sign_in_expired');
  });
});

describe('where every operator must have a second factor', () => {
  it('who has none may set one up and do nothing else, with a token or a cookie', async () => {
    const browser = await operator('eve');
    await change('operator_second_factor', 'required');
    const list = (at: Browser) => at.call('GET', '/api/admin/operators');
    expect((await list(browser)).body.code).toBe('second_factor_setup_required');
    expect((await browser.call('GET', '/api/admin/me')).body.data.owes_second_factor).toBe(true);
    const { token } = (await login('eve')).body.data;
    const program = world.browser();
    const asProgram = await program.call('GET', '/api/admin/operators', undefined, {
      Authorization: `Bearer ${token}`,
    });
    expect(asProgram.body.code).toBe('second_factor_setup_required');
    const { secret } = (await post(browser, 'totp')).body.data;
    await post(browser, 'totp/confirm', { code: code(secret) });
    expect([(await list(browser)).status, (await browser.call('DELETE', '/api/admin/totp')).status]).toEqual([
      200, 200,
    ]);
    expect((await list(browser)).body.code).toBe('second_factor_setup_required');
    await change('operator_second_factor', 'optional');
    expect((await list(browser)).status).toBe(200);
  });
});

describe('a fresh proof', () => {
  const acts: readonly (readonly [string, string, unknown?])[] = [
    ['POST', '/payments/nothing/refund', { refund_id: 'r1', amount_usd: 1, reason: 'asked' }],
    ['POST', '/users/nobody/adjust', { amount_usd: 1, reason: 'asked', adjustment_id: 'a1' }],
    ['POST', '/adjustments/nothing/approve', {}],
    ['POST', '/users/nobody/erase', { reason: 'asked' }],
    ['POST', '/operators', { name: 'new', role: 'auditor', password: PASSWORD }],
    ['PATCH', '/operators/new', { role: 'finance' }],
    ['POST', '/operators/new/password', { password: PASSWORD }],
    ['DELETE', '/operators/new/second-factor'],
    ['POST', '/totp'],
    ['POST', '/totp/confirm', { code: '000000' }],
    ['DELETE', '/totp'],
    ['POST', '/recovery-codes'],
  ];

  it('is asked for ten minutes after the password before money, erasure and operators, and not of programs', async () => {
    const browser = await operator('fay');
    const { token } = (await login('fay')).body.data;
    pass(10 * MINUTE);
    for (const [method, path, body] of acts) {
      const answer = await browser.call(method, `/api/admin${path}`, body);
      expect([path, answer.body.code]).toEqual([path, 'step_up_required']);
      const ofProgram = await world
        .browser()
        .call(method, `/api/admin${path}`, body, { Authorization: `Bearer ${token}` });
      expect([path, ofProgram.body.code === 'step_up_required']).toEqual([path, false]);
    }
    expect((await post(browser, 'step-up', { password: 'a wrong password' })).body.code).toBe('login_failed');
    const before = browser.cookies.get('counterfoil_operator') ?? '';
    expect((await post(browser, 'step-up', { password: PASSWORD })).status).toBe(200);
    const old = world.browser();
    old.cookies.set('counterfoil_operator', before);
    expect([await me(old), await me(browser)]).toEqual([401, 200]);
    for (const [method, path, body] of acts) {
      const answer = await browser.call(method, `/api/admin${path}`, body);
      expect([path, answer.body.code === 'step_up_required']).toEqual([path, false]);
    }
  });

  it('is not got round by a token: a cookie gets none', async () => {
    const browser = await operator('gus');
    const renewed = await post(browser, 'renew');
    expect([renewed.status, renewed.body.code, renewed.body.data]).toEqual([
      403,
      'token_required',
      undefined,
    ]);
    const { token } = (await login('gus')).body.data;
    const again = await world
      .browser()
      .call('POST', '/api/admin/renew', undefined, { Authorization: `Bearer ${token}` });
    expect(again.status).toBe(200);
  });
});
