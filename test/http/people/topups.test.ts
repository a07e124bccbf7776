import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyBooks } from '../../../src/books/verify/verify-books.js';
import { referralTermsOf } from '../../../src/domain/setting/settings.js';
import { Rewards } from '../../../src/reactions/referrals/rewards.js';
import { PATIENCE_MS } from '../../support/eventually.js';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';

let world: PeopleServer;
beforeAll(async () => {
  world = await startPeopleServer();
});
afterAll(() => world.close());

const ORDER = { method: 'test', currency: 'CNY', amount: '500' };
let people = 0;
const somebody = () => world.registered(`payer-${++people}`);
const order = async (browser: Browser, body: object = ORDER, headers = {}) =>
  browser.call('POST', '/api/user/topups', body, headers);
const show = async (browser: Browser, id: string) =>
  (await browser.call('GET', `/api/user/topups/${id}`)).body.data;
/** What somebody does on the page of the test provider. */
const act = async (id: string, what: string) => {
  const reply = await world.server.raw(`/api/payments/test/${id}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `act=${what}`,
    redirect: 'manual',
  });
  await world.ledger.readModels.waitFor(await world.ledger.head(), PATIENCE_MS);
  return reply;
};
const balance = async (browser: Browser) =>
  (await browser.call('GET', '/api/user/balance')).body.data.balance.quota;

describe('what can be paid', () => {
  it('is said with what it buys', async () => {
    const browser = await somebody();
    const { data } = (await browser.call('GET', '/api/user/topups/options')).body;
    expect(data).toMatchObject({
      preset_basis: 'pay',
      open_most: 3,
      methods: [{ method: 'test', provider_id: 'test', currencies: ['CNY'] }],
      currencies: [{ currency: 'CNY', decimals: 2, rate: '7.10', min: '1.00', max: '50000.00' }],
      quote: null,
    });
    expect(data.currencies[0].presets.map(({ amount }: { amount: string }) => amount)).toEqual(
      ['50', '100', '150', '200', '300', '500', '1000'].map((amount) => `${amount}.00`),
    );
    const quoted = await browser.call('GET', '/api/user/topups/options?currency=CNY&amount=500');
    expect(quoted.body.data.quote).toMatchObject({ pay_amount: '500.00', quota: 35_211_268 });
    const none = await browser.call('GET', '/api/user/topups/options?currency=CNY&amount=0.5');
    expect([none.status, none.body.errors[0].field]).toEqual([400, 'amount']);
  });
});

describe('whoever invites somebody', () => {
  const meta = { actor: 'operator:ann', requestId: 'r' };
  const referral = async (browser: Browser) => (await browser.call('GET', '/api/user/referral')).body.data;

  const idOf = async (browser: Browser): Promise<string> =>
    (await browser.call('GET', '/api/user/self')).body.data.external_user_id;

  it('gets a part of what their orders are credited, once, and sees nothing else of them', async () => {
    const inviter = await somebody();
    const inviterId = await idOf(inviter);
    const made = await inviter.call('POST', '/api/user/referral/code', {});
    expect(made.body.data.aff_code).toMatch(/^[0-9A-Z]{8}$/);
    const buyer = await somebody();
    const externalUserId = await idOf(buyer);
    const sync = { externalUserId, username: '', inviterAffCode: made.body.data.aff_code };
    expect(await world.ledger.commands.syncAccount(sync, meta)).toMatchObject({ ok: true });
    const value = { part: '0.1', days: 0, invitee_most_usd: null, month_most_usd: '5' };
    await world.ledger.commands.changeSetting({ key: 'referrals', value }, meta);
    await world.ledger.caughtUp();
    for (const amount of ['500', '500.00']) {
      const placed = await order(buyer, { ...ORDER, amount });
      await act(placed.body.data.order_id, 'pay');
    }
    const faults: unknown[] = [];
    const { pool, commands, readModels } = world.ledger;
    const rewards = new Rewards({
      ...{ pool, commands, timezone: 'UTC', bindsReferrals: true, now: () => new Date() },
      terms: async () => referralTermsOf(await readModels.settings()),
      waitFor: (position) => readModels.waitFor(position, PATIENCE_MS),
      onFault: (fault) => faults.push(fault),
    });
    for (let times = 0; times < 3; times++) await rewards.tick();
    expect(faults).toEqual([]);
    // A tenth of two orders is 7,042,254; the month lets $5 through.
    const sums = { orders: 2, pending_quota: 0, given_quota: 2_500_000, given_usd: '5', withdrawn_quota: 0 };
    const shown = await referral(inviter);
    expect(shown).toMatchObject({ part: '0.1', days: 0, invited: 1, ...sums, newest: [sums] });
    expect(JSON.stringify(shown)).not.toContain(externalUserId);
    expect(await balance(inviter)).toBe(2_500_000);
    expect(await referral(buyer)).toMatchObject({ invited: 0, orders: 0, newest: [] });
    const asked = { filter: { externalUserId: inviterId }, now: new Date() };
    expect(await readModels.referrals(asked, { limit: 9 })).toMatchObject([
      { externalUserId, inviterExternalUserId: inviterId, given: 2_500_000n },
    ]);
  });
});

describe('a code', () => {
  it('is typed by its person, and gives them what it is worth', async () => {
    const browser = await somebody();
    const isAskedForOne = async () =>
      (await browser.call('GET', '/api/user/topups/options')).body.data.takes_codes;
    expect(await isAskedForOne()).toBe(false);
    const terms = { reference: 'flyer', name: 'flyer', codes: 1, quota: 500_000n };
    const endsAt = new Date(Date.now() + 3_600_000);
    const meta = { actor: 'operator:ann', requestId: 'r' };
    const made = await world.ledger.commands.makeCodes({ ...terms, endsAt }, meta);
    const code = made.ok ? made.value.codes?.[0]?.toLowerCase() : undefined;
    const given = await browser.call('POST', '/api/user/redeem', { code });
    expect(given.body.data).toMatchObject({ kind: 'code', usd: '1', remaining_quota: 500_000 });
    expect(await balance(browser)).toBe(500_000);
    expect(await isAskedForOne()).toBe(true);
    const another = await (await somebody()).call('POST', '/api/user/redeem', { code });
    expect([another.status, another.body.code]).toEqual([409, 'code_used']);
  });
});

describe('the bill', () => {
  it('has orders that credited nothing where their state is asked for, and counts none of them', async () => {
    const browser = await somebody();
    const orders: string[] = [];
    for (const amount of ['100', '150', '200'])
      orders.push((await order(browser, { ...ORDER, amount })).body.data.order_id);
    const [failed = '', cancelled = '', pending = ''] = orders;
    await act(failed, 'pay-less');
    await browser.call('POST', `/api/user/topups/${cancelled}/cancel`);
    await world.ledger.readModels.waitFor(await world.ledger.head(), PATIENCE_MS);
    const bill = async (query: string) =>
      (await browser.call('GET', `/api/user/billing?${query}`)).body.data as {
        billing: readonly Record<string, unknown>[];
        total: number;
      };
    const idsOf = async (query: string) => (await bill(query)).billing.map(({ id }) => id);
    expect(await idsOf('status=pending')).toEqual([pending]);
    expect(await idsOf('status=failed')).toEqual([failed]);
    expect(await idsOf('status=cancelled')).toEqual([cancelled]);
    expect(await bill('status=completed')).toMatchObject({ billing: [], total: 0 });
    expect(await idsOf('status=pending&type=refund')).toEqual([]);
    expect(await idsOf('status=pending&to=2020-01-01')).toEqual([]);
    expect(await bill('status=pending')).toMatchObject({
      total: 1,
      billing: [{ type: 'topup', status: 'pending', balance_after: null, description: 'Top-up: 200.00 CNY' }],
    });
    const words = ['pending', 'failed', 'cancelled', 'completed'];
    const { orders: listed } = (await browser.call('GET', '/api/user/topups')).body.data;
    for (const word of words)
      expect(await idsOf(`status=${word}`)).toEqual(
        listed
          .filter(({ status }: { status: string }) => status === word)
          .map(({ order_id }: { order_id: string }) => order_id),
      );
    expect(await balance(browser)).toBe(0);
  });
});

describe('an order', () => {
  it('is placed, paid and credited: 500 yuan at 7.10 are 70.422536 dollars', async () => {
    const browser = await somebody();
    const { status, body } = await order(browser);
    expect(status).toBe(200);
    const { data } = body;
    expect(data).toMatchObject({
      status: 'pending',
      stage: 'opened',
      pay_amount: '500.00',
      credit_usd: '70.422536',
      quota: 35_211_268,
      can_cancel: true,
    });
    expect(data.order_id).toMatch(/^CF[0-9A-Z]{26}$/);
    expect(data.checkout.url).toBe(`https://portal.example.com/api/payments/test/${data.order_id}`);
    const page = await world.server.raw(`/api/payments/test/${data.order_id}`);
    expect(page.text).toContain('500.00 CNY');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const paid = await act(data.order_id, 'pay-five-times');
    expect([paid.status, paid.headers.get('location')]).toEqual([
      303,
      `/api/payments/return/${data.order_id}`,
    ]);
    const back = await world.server.raw(`/api/payments/return/${data.order_id}`, { redirect: 'manual' });
    expect([back.status, back.headers.get('location')]).toEqual([303, `/portal/topup/${data.order_id}`]);
    expect(await show(browser, data.order_id)).toMatchObject({
      status: 'completed',
      stage: 'credited',
      balance_after: 35_211_268,
      checkout: null,
      can_cancel: false,
      can_check: false,
      flags: [],
    });
    expect(await balance(browser)).toBe(35_211_268);
    const credits = await world.ledger.events('payment-credited');
    expect(credits.filter(({ payment_id }) => payment_id === data.order_id)).toMatchObject([
      { amount_usd: '70.422536', by: 'provider:test' },
    ]);
  });

  it('is one under one key, and as many as may be open at once', async () => {
    const browser = await somebody();
    const once = { 'Idempotency-Key': 'k-1' };
    const first = await order(browser, ORDER, once);
    const again = await order(browser, { ...ORDER, amount: 500 }, once);
    expect(again.body.data).toEqual(first.body.data);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await order(browser, { ...ORDER, amount: '100' }, once)).body.code).toBe('idempotency_conflict');
    await order(browser);
    await order(browser);
    const most = await order(browser);
    expect([most.status, most.body.code, most.body.details]).toEqual([409, 'orders_open_most', { max: 3 }]);
    // What was asked before is answered all the same.
    expect((await order(browser, ORDER, once)).status).toBe(200);
    const { orders, total } = (await browser.call('GET', '/api/user/topups')).body.data;
    expect([orders.length, total]).toEqual([3, 3]);
    expect(orders.at(-1)).toEqual(first.body.data);
  });

  it('that is cancelled and paid afterwards is credited', async () => {
    const browser = await somebody();
    const { order_id } = (await order(browser)).body.data;
    const cancelled = await browser.call('POST', `/api/user/topups/${order_id}/cancel`);
    expect(cancelled.body.data).toMatchObject({ status: 'cancelled', stage: 'cancelled', checkout: null });
    await act(order_id, 'pay');
    expect(await show(browser, order_id)).toMatchObject({ status: 'completed' });
    const late = await browser.call('POST', `/api/user/topups/${order_id}/cancel`);
    expect([late.status, late.body.code]).toEqual([409, 'order_paid']);
  });

  it('that nobody was told of is found by asking', async () => {
    const browser = await somebody();
    const { order_id } = (await order(browser)).body.data;
    const check = () => browser.call('POST', `/api/user/topups/${order_id}/check`);
    expect((await check()).body.data).toMatchObject({ found: 'nothing', order: { stage: 'opened' } });
    await act(order_id, 'pay-quietly');
    // The provider was asked a moment ago.
    expect((await check()).body.data).toMatchObject({ found: 'nothing', order: { stage: 'opened' } });
    await world.ledger.pool.query('UPDATE payment_schedule SET asked_at = NULL WHERE order_id = $1', [
      order_id,
    ]);
    // Operators see one case, and it ends with the credit.
    const cases = async () => (await world.administration.alerts.list('open')).map(({ key }) => key);
    expect(await cases()).toEqual([`payment-claimed/${order_id}`]);
    expect((await check()).body.data).toMatchObject({ found: 'paid', order: { stage: 'credited' } });
    expect(await cases()).toEqual([]);
    expect(await balance(browser)).toBe(35_211_268);
  });

  it('that is paid too little, or fails, is not credited', async () => {
    const browser = await somebody();
    const { order_id } = (await order(browser)).body.data;
    await act(order_id, 'pay-less');
    expect(await show(browser, order_id)).toMatchObject({
      status: 'failed',
      stage: 'opened',
      flags: [{ kind: 'amount', open: true }],
    });
    await act(order_id, 'fail');
    expect(await show(browser, order_id)).toMatchObject({ status: 'failed', stage: 'failed' });
    expect(await balance(browser)).toBe(0);
    // And a whole payment after that is.
    await act(order_id, 'pay');
    expect(await show(browser, order_id)).toMatchObject({ status: 'completed', stage: 'credited' });
  });

  it.each([
    [{ ...ORDER, method: 'gold' }, 'method'],
    [{ ...ORDER, currency: 'USD' }, 'currency'],
    [{ ...ORDER, amount: '0.5' }, 'amount'],
    [{ ...ORDER, amount: 10.001 }, 'amount'],
    [{ ...ORDER, amount: 'much' }, 'amount'],
    [{ ...ORDER, amount: true }, 'amount'],
    [{ currency: 'CNY', amount: '5' }, 'method'],
  ])('is not made of %j', async (body, field) => {
    const browser = await somebody();
    const before = await world.ledger.head();
    const { status, body: answer } = await order(browser, body);
    expect([status, answer.errors?.[0]?.field]).toEqual([400, field]);
    expect(await world.ledger.head()).toBe(before);
  });

  it('is nobody else’s', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const { order_id } = (await order(one)).body.data;
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/check'],
      ['POST', '/cancel'],
    ] as const) {
      const { status, body } = await other.call(method, `/api/user/topups/${order_id}${path}`);
      expect([status, body.code]).toEqual([404, 'order_not_found']);
    }
  });
});

describe('money of an order that goes back', () => {
  it('is asked for by the front end, once a key, for its own user’s order alone', async () => {
    const browser = await somebody();
    const { order_id } = (await order(browser)).body.data;
    await act(order_id, 'pay');
    const { key } = await world.ledger.serviceKeys.create('shop', ['topups', 'read']);
    const [{ external_user_id: user }] = await ownersOf(order_id);
    const path = `/api/user/external/${user}/orders/${order_id}/refunds`;
    const ask = async (body: object, more: object = {}, to = path) => {
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}`, ...more };
      const reply = await world.server.raw(to, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: reply.status, body: JSON.parse(reply.text) as { code?: string; data: RefundData } };
    };
    const again = { 'Idempotency-Key': 'refund-1' };
    const first = await ask({ amount: '200', reason: 'asked for it' }, again);
    expect([first.status, first.body.data.status, first.body.data.amount]).toEqual([
      200,
      'succeeded',
      '200.00',
    ]);
    expect((await ask({ amount: '200', reason: 'asked for it' }, again)).body.data.refund_id).toBe(
      first.body.data.refund_id,
    );
    expect(await balance(browser)).toBe(21_126_761);
    for (const [body, status, code] of [
      [{ amount: '300.01' }, 409, 'refund_exceeds_payment'],
      [{ amount: '0.001' }, 400, 'invalid_request'],
      [{ amount: '-1' }, 400, 'invalid_request'],
    ] as const)
      expect([body, (await ask(body)).status, (await ask(body)).body.code]).toEqual([body, status, code]);
    const other = await ask({ amount: '1' }, {}, path.replace(user, 'payer-nobody'));
    expect(other.status).toBe(404);
    const listed = await world.server.raw(path, { headers: { Authorization: `Bearer ${key}` } });
    expect((JSON.parse(listed.text) as { data: { refunds: RefundData[] } }).data.refunds).toHaveLength(1);
  });
});

interface RefundData {
  readonly refund_id: string;
  readonly status: string;
  readonly amount: string;
}

const ownersOf = async (orderId: string) =>
  (
    await world.ledger.pool.query<{ external_user_id: string }>(
      'SELECT external_user_id FROM p_orders.orders JOIN p_accounts.accounts USING (account_id) WHERE order_id = $1',
      [orderId],
    )
  ).rows as [{ external_user_id: string }];

describe('what anybody sends', () => {
  it('is not believed where it is not signed', async () => {
    const browser = await somebody();
    const { order_id } = (await order(browser)).body.data;
    const body = JSON.stringify({
      payment_id: 'free',
      order_id,
      merchant: 'test',
      what: 'paid',
      currency: 'CNY',
      amount_minor: '50000',
      at: new Date().toISOString(),
    });
    for (const signature of ['', 't=1,v1=00', `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`]) {
      const { status } = await world.server.raw('/api/payments/notify/test', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Test-Signature': signature },
        body,
      });
      expect(status).toBe(400);
    }
    expect(await show(browser, order_id)).toMatchObject({ stage: 'opened' });
    const { rows } = await world.ledger.pool.query(
      `SELECT times, sealed FROM payment_inbox WHERE verdict = 'forged'`,
    );
    expect(rows).toEqual([{ times: 3, sealed: null }]);
  });

  it('goes to a provider that there is', async () => {
    for (const path of ['notify/nobody', 'test/CF01KB3XQ5T7VJ2M8N4P6R9S0TWY', 'notify', 'else/test'])
      expect((await world.server.raw(`/api/payments/${path}`)).status).toBe(404);
    expect((await world.server.raw('/api/payments/notify/test', { method: 'PUT' })).status).toBe(405);
  });
});

it('the books agree', async () => {
  const { checks } = await verifyBooks({ store: world.ledger.store, pool: world.ledger.pool });
  expect(checks.filter(({ differences }) => differences.length > 0)).toEqual([]);
});
