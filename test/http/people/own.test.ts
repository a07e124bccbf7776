import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEvent } from '../../support/events.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

const setup = { actor: 'service-key:1', requestId: 'setup' };
let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer();
});
afterAll(() => world.close());

const data = async (browser: Browser, path: string) =>
  (await browser.call('GET', `/api/user${path}`)).body.data;

/** Somebody with an account, and what the ledger calls it. */
async function somebody(name: string) {
  const browser = await world.registered(name);
  const { external_user_id: externalUserId } = await data(browser, '/self');
  const account = await world.ledger.readModels.account(externalUserId);
  if (!account) throw new Error('not projected');
  const { accountId, userId } = account;
  return { browser, externalUserId, owner: { account_id: accountId, user_id: userId } };
}

async function credited(externalUserId: string, amountUsd: string, paymentId: string) {
  const result = await world.ledger.commands.creditPayment({ externalUserId, amountUsd, paymentId }, setup);
  if (result.ok) await world.ledger.readModels.waitFor(result.position, 10_000);
}

describe('oneself', () => {
  it('is shown with what one may do, and is called what one likes', async () => {
    const { browser, externalUserId } = await somebody('ann');
    expect(await data(browser, '/self')).toMatchObject({
      external_user_id: externalUserId,
      username: 'ann',
      display_name: '',
      email: 'ann@example.com',
      email_verified: true,
      has_password: true,
      status: 'enabled',
      may: { act: true, change_sign_in: true, groups: ['default'] },
    });
    const change = (display_name: unknown) => browser.call('PATCH', '/api/user/self', { display_name });
    expect((await change('Ann A.')).body.data).toMatchObject({ display_name: 'Ann A.', username: 'ann' });
    expect((await change('x'.repeat(101))).body.errors[0]).toMatchObject({
      field: 'display_name',
      rule: 'max',
    });
    expect((await change(7)).status).toBe(400);
    const before = await world.ledger.head();
    expect((await change('Ann A.')).status).toBe(200);
    expect(await world.ledger.head()).toBe(before);
    expect((await change('')).body.data).toMatchObject({ display_name: '', email: 'ann@example.com' });
  });

  it('is asked by nobody without a sign-in, nor changed by another page', async () => {
    const { browser } = await somebody('art');
    expect((await world.browser().call('GET', '/api/user/self')).status).toBe(401);
    const foreign = { 'Sec-Fetch-Site': 'cross-site' };
    const { body } = await browser.call('PATCH', '/api/user/self', { display_name: 'Eve' }, foreign);
    expect(body.code).toBe('cross_site');
    expect(await data(browser, '/self')).toMatchObject({ display_name: '' });
  });

  it('who is suspended looks, and does nothing', async () => {
    const { browser, externalUserId } = await somebody('bea');
    await world.ledger.commands.suspendAccount({ externalUserId, reason: 'fraud' }, setup);
    expect(await data(browser, '/self')).toMatchObject({ status: 'suspended', may: { act: false } });
    for (const [method, path] of [
      ['PATCH', '/self'],
      ['POST', '/keys'],
      ['POST', '/keys/ephemeral'],
      ['DELETE', '/keys/1'],
    ] as const) {
      const { status, body } = await browser.call(method, `/api/user${path}`, {});
      expect([path, status, body.code]).toEqual([path, 403, 'account_suspended']);
    }
  });
});

describe('the balance', () => {
  it('of a newcomer has nothing in it, and says what to do first', async () => {
    const { browser } = await somebody('cas');
    const nothing = { quota: 0, usd: '0' };
    expect(await data(browser, '/balance')).toMatchObject({
      balance: nothing,
      held: nothing,
      available: nothing,
      spent_7_days: nothing,
      spent_30_days: nothing,
      refused_24_hours: 0,
      days_left: null,
      checklist: { topped_up: false, has_key: false, has_called: false, since: expect.any(String) },
    });
  });

  it('tells what is held and available, what was spent lately, and how long it lasts', async () => {
    const { browser, externalUserId, owner } = await somebody('dan');
    await credited(externalUserId, '10', 'pi_dan');
    const { checklist } = await data(browser, '/balance');
    expect(checklist).toEqual({
      ...{ topped_up: true, has_key: false, has_called: false },
      since: expect.any(String),
    });
    // It is the time of the account, which its checklist counts from.
    const made = await world.ledger.readModels.account(externalUserId);
    expect(checklist.since).toBe(made?.createdAt.toISOString());
    const { token_id } = (await browser.call('POST', '/api/user/keys', { name: 'laptop' })).body.data;
    await world.ledger.given(
      anEvent('consumption-recorded', { ...owner, token_id, quota: 300_000n, model: 'gpt-4o' }),
      anEvent('consumption-recorded', { ...owner, token_id, quota: 200_000n, model: 'gpt-4o' }),
      anEvent('call-failed', { ...owner, token_id, model: 'gpt-4o' }),
    );
    const budget = `account:${owner.account_id}` as const;
    const { cachedBalance } = world.ledger;
    await cachedBalance.load([
      { budget, balance: 4_500_000n, position: await world.ledger.head(), revision: 0n },
    ]);
    const held = await cachedBalance.hold({
      holdId: 'h-1',
      budgets: [budget],
      amount: 500_000n,
      atLeast: 500_000n,
      guards: [],
      context: '{}',
    });
    expect(held).toMatchObject({ outcome: 'held' });
    expect(await data(browser, '/balance')).toMatchObject({
      balance: { quota: 4_500_000, usd: '9' },
      held: { quota: 500_000, usd: '1' },
      available: { quota: 4_000_000, usd: '8' },
      spent_7_days: { quota: 500_000, usd: '1' },
      spent_30_days: { quota: 500_000, usd: '1' },
      // 500,000 on its first day.
      refused_24_hours: 1,
      days_left: 9,
      checklist: { topped_up: true, has_key: true, has_called: true, since: expect.any(String) },
    });
    expect((await browser.call('GET', '/api/user/balance?min_position=x')).status).toBe(400);
  });
});
