import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type PeopleServer, startPeopleServer } from '../support/people-server.js';
import { PATIENCE_MS } from '../../support/eventually.js';

let world: PeopleServer;
let finance: string;
beforeAll(async () => {
  world = await startPeopleServer();
  finance = await world.administration.signIn('fin', 'finance');
  const set = await asked(await world.administration.signIn('root', 'admin'), 'PUT', '/settings/payments', {
    value: {
      currencies: {
        CNY: { rate: '7.10', presets: ['500'], min: '1', max: '50000', tiers: [], fee: null },
      },
      preset_basis: 'pay',
      open_most: 10,
      hourly_most: 100,
      bank: { instructions: 'Pay to 1234, with the order id', currencies: ['CNY'] },
    },
  });
  expect([set.status, set.text]).toEqual([200, expect.any(String)]);
});
afterAll(() => world.close());

const asked = (token: string, method: string, path: string, body?: object) =>
  world.server.raw(`/api/admin${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Accept-Language': 'en',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
const call = (method: string, path: string, body?: object) => asked(finance, method, path, body);

let people = 0;
async function placed(method = 'bank'): Promise<{ readonly browser: Browser; readonly id: string }> {
  const browser = await world.registered(`buyer-${++people}`);
  const { data } = (
    await browser.call('POST', '/api/user/topups', { method, currency: 'CNY', amount: '500' })
  ).body;
  return { browser, id: data.order_id };
}
const transfer = { reference: 'bank-1', currency: 'CNY', amount: '500', paid_at: 1_795_219_260 };
const stageOf = async (browser: Browser, id: string) =>
  (await browser.call('GET', `/api/user/topups/${id}`)).body.data.stage;
const act = async (id: string, what: string) => {
  await world.server.raw(`/api/payments/test/${id}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `act=${what}`,
    redirect: 'manual',
  });
  await world.ledger.readModels.waitFor(await world.ledger.head(), PATIENCE_MS);
};

describe('a transfer', () => {
  it('is told how to be made, and credited when an operator has seen it, once', async () => {
    const { browser, id } = await placed();
    const { checkout } = (await browser.call('GET', `/api/user/topups/${id}`)).body.data;
    expect(checkout).toEqual({ url: null, qr: null, instructions: 'Pay to 1234, with the order id' });
    const seen = await call('POST', `/orders/${id}/sightings`, transfer);
    expect([seen.status, seen.body.data.order.stage]).toEqual([200, 'credited']);
    const again = await call('POST', `/orders/${id}/sightings`, transfer);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(again.body.data.timeline.map(({ what }: { what: string }) => what)).toEqual([
      'order-placed',
      'order-opened',
      'order-paid',
      'payment-credited',
    ]);
    expect(await stageOf(browser, id)).toBe('credited');
  });

  it('is for one order, however many it is recorded for at once, and whoever confirms it', async () => {
    const orders = await Promise.all([placed(), placed(), placed()]);
    const record = (id: string, reference: string, amount = '500') =>
      call('POST', `/orders/${id}/sightings`, { ...transfer, reference, amount });
    const answers = await Promise.all(orders.map(({ id }) => record(id, 'bank-one-of-three')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect(answers.map(({ text }) => text).join()).toContain('order_payment_taken');
    const stages = await Promise.all(orders.map(({ browser, id }) => stageOf(browser, id)));
    expect(stages.filter((stage) => stage === 'credited')).toHaveLength(1);
    // What was recorded for the wrong one, and waits, may still be recorded for the right one, and is then no credit for the other.
    const [wrong, right] = orders.filter((_, index) => stages[index] !== 'credited');
    if (!wrong || !right) throw new Error('two are left');
    await record(wrong.id, 'bank-of-the-right-one', '499');
    expect((await record(right.id, 'bank-of-the-right-one')).status).toBe(200);
    const { flags } = (await call('GET', '/order-flags?state=open')).body.data;
    const flag = flags.find((each: { order_id: string }) => each.order_id === wrong.id);
    const settled = await call('POST', `/order-flags/${flag.flag_id}/settle`, {
      decision: 'credit',
      reason: 'seen',
    });
    expect([settled.status, settled.body.code]).toEqual([409, 'order_payment_taken']);
    expect(await stageOf(wrong.browser, wrong.id)).not.toBe('credited');
  });

  it.each([
    [{ amount: '0' }, 'amount'],
    [{ amount: '1.001' }, 'amount'],
    [{ currency: 'cny' }, 'currency'],
    [{ reference: 'Zhang San' }, 'reference'],
    [{ paid_at: 0 }, 'paid_at'],
    [{ evidence_sha256: 'x' }, 'evidence_sha256'],
  ])('with %j is none', async (changes, field) => {
    const { status, body } = await call('POST', '/orders/none/sightings', { ...transfer, ...changes });
    expect([status, body.errors?.[0]?.field]).toEqual([400, field]);
  });
});

describe('money that does not fit', () => {
  it('is listed, decided once, and credited in proportion where an operator says so', async () => {
    const { browser, id } = await placed();
    await call('POST', `/orders/${id}/sightings`, { ...transfer, reference: 'bank-2', amount: '400' });
    expect(await stageOf(browser, id)).toBe('opened');
    const { flags } = (await call('GET', '/order-flags?state=open')).body.data;
    const flag = flags.find((each: { order_id: string }) => each.order_id === id);
    expect(flag).toMatchObject({ kind: 'amount', amount: '400.00', currency: 'CNY', settled: null });
    const settle = (decision: string) =>
      call('POST', `/order-flags/${flag.flag_id}/settle`, { decision, reason: 'the rest is let off' });
    const settled = await settle('credit');
    expect(settled.body.data.settled).toMatchObject({
      decision: 'credit',
      by: 'operator:fin',
      reason: 'the rest is let off',
    });
    expect((await settle('credit')).headers.get('idempotency-replayed')).toBe('true');
    expect((await settle('refund')).body.code).toBe('order_flag_settled');
    expect(await stageOf(browser, id)).toBe('credited');
    const credits = await world.ledger.events('payment-credited');
    expect(credits.find(({ payment_id }) => payment_id === id)).toMatchObject({ amount_usd: '56.338028' });
    expect(
      (await call('POST', '/order-flags/none/settle', { decision: 'refund', reason: 'x' })).body.code,
    ).toBe('order_flag_not_found');
  });

  it('a second time is never credited', async () => {
    const { id } = await placed('test');
    await act(id, 'pay');
    await act(id, 'pay');
    const { flags } = (await call('GET', '/order-flags?state=open')).body.data;
    const flag = flags.find((each: { order_id: string }) => each.order_id === id);
    expect(flag.kind).toBe('second-payment');
    const settled = await call('POST', `/order-flags/${flag.flag_id}/settle`, {
      decision: 'credit',
      reason: 'x',
    });
    expect([settled.status, settled.body.code]).toEqual([409, 'order_flag_uncreditable']);
  });

  it('to an account that was erased waits for somebody', async () => {
    const { id } = await placed('test');
    const order = (await call('GET', `/orders/${id}`)).body.data.order;
    const erased = await world.ledger.commands.eraseAccount(
      { externalUserId: order.external_user_id, reason: 'asked for it' },
      { actor: 'operator:ann', requestId: 'r' },
    );
    expect(erased.ok).toBe(true);
    await act(id, 'pay');
    const after = (await call('GET', `/orders/${id}`)).body.data.order;
    expect(after).toMatchObject({
      stage: 'paid',
      status: 'failed',
      flags: [{ kind: 'uncreditable', open: true }],
    });
  });
});

describe('an order', () => {
  it('is found by what its provider calls it, and asked of again', async () => {
    const { browser, id } = await placed('test');
    await act(id, 'pay-quietly');
    expect(await stageOf(browser, id)).toBe('opened');
    const again = await call('POST', `/orders/${id}/recheck`);
    expect(again.body.data).toMatchObject({ found: 'paid', order: { stage: 'credited', seen_by: 'query' } });
    const { provider_payment, checkout_ref } = again.body.data.order;
    for (const name of [id, provider_payment, checkout_ref]) {
      const { orders } = (await call('GET', `/orders?id=${name}`)).body.data;
      expect(orders.map((each: { order_id: string }) => each.order_id)).toEqual([id]);
    }
    const { total } = (await call('GET', '/orders?stage=credited&provider_id=test')).body.data;
    expect(total).toBeGreaterThan(0);
    expect((await call('POST', '/orders/none/recheck')).body.code).toBe('order_not_found');
    expect((await call('GET', '/orders/none')).body.code).toBe('order_not_found');
  });

  it('shows what came of it, and how it was judged', async () => {
    const { id } = await placed('test');
    await act(id, 'pay-five-times');
    const { timeline } = (await call('GET', `/orders/${id}`)).body.data;
    const note = timeline.find(({ kind }: { kind: string }) => kind === 'notification');
    expect(note).toMatchObject({ what: 'stored', details: { provider_id: 'test', times: 5 } });
    expect((await call('GET', `/payments/${id}`)).body.data).toMatchObject({ order_id: id, seen: 5 });
  });
});

describe('a plan', () => {
  const terms = { name: 'Monthly', amount_usd: 20, months: 1, prices: [{ currency: 'CNY', amount: '99' }] };

  it('is published, bought, shown, and not published by whoever may not', async () => {
    const auditor = await world.administration.signIn('aud', 'auditor');
    expect(await asked(auditor, 'PUT', '/plans/monthly', terms)).toMatchObject({ status: 403 });
    expect(await call('PUT', '/plans/Monthly!', terms)).toMatchObject({ status: 400 });
    const odd = { ...terms, prices: [{ currency: 'CNY', amount: '1.234' }] };
    expect(await call('PUT', '/plans/monthly', odd)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'prices.0.amount' }] },
    });
    expect((await call('PUT', '/plans/monthly', terms)).body.data).toMatchObject({ version: 1, usd: '20' });
    expect((await call('PUT', '/plans/monthly', terms)).headers.get('idempotency-replayed')).toBe('true');

    const browser = await world.registered(`buyer-${++people}`);
    const own = async () => (await browser.call('GET', '/api/user/subscription')).body.data.subscriptions;
    expect((await browser.call('GET', '/api/user/plans')).body.data.plans).toMatchObject([
      { plan_id: 'monthly', quota: 10_000_000, prices: [{ currency: 'CNY', amount: '99.00' }] },
    ]);
    expect(await own()).toEqual([]);
    const order = (body: object, plan = 'monthly') =>
      browser.call('POST', `/api/user/plans/${plan}/orders`, body);
    const asks = { method: 'test', currency: 'CNY' };
    expect(await order(asks, 'none')).toMatchObject({ status: 404, body: { code: 'plan_not_found' } });
    expect(await order({ method: 'test', currency: 'USD' })).toMatchObject({ status: 400 });
    const { order_id: id } = (await order(asks)).body.data;
    await act(id, 'pay');
    expect((await browser.call('GET', `/api/user/topups/${id}`)).body.data).toMatchObject({
      ...{ stage: 'credited', pay_amount: '99.00', credit_usd: '20', balance_after: null },
      plan: { plan_id: 'monthly', name: 'Monthly' },
    });
    expect((await call('GET', `/orders/${id}`)).body.data.order.plan).toMatchObject({ name: 'Monthly' });
    const [bought] = await own();
    expect(bought).toMatchObject({
      ...{ plan_id: 'monthly', status: 'active', can_renew: true },
      periods: [{ period: 1, status: 'running', order_id: id, remaining_usd: '20' }],
    });
    expect((await browser.call('GET', '/api/user/grants')).body.data.grants).toMatchObject([
      { kind: 'plan', remaining_quota: 10_000_000 },
    ]);

    const billed = async (query: string) =>
      (await browser.call('GET', `/api/user/billing?${query}`)).body.data.billing.map(
        ({ description }: { readonly description: string }) => description,
      );
    expect(await billed('type=grant')).toEqual(['Plan: Monthly']);
    const { order_id: left } = (await order(asks)).body.data;
    expect(await billed('status=pending')).toEqual(['Plan Monthly: 99.00 CNY']);
    await browser.call('POST', `/api/user/topups/${left}/cancel`);

    // The next one, and no more than that.
    const { order_id: next } = (await order(asks)).body.data;
    await act(next, 'pay');
    expect(await own()).toMatchObject([
      { can_renew: false, periods: [{ status: 'ahead', remaining_quota: 0 }, { status: 'running' }] },
    ]);
    expect(await order(asks)).toMatchObject({ status: 409, body: { code: 'subscription_renewed' } });
    const cancel = () => browser.call('POST', '/api/user/subscription/cancel', { plan_id: 'monthly' });
    expect((await cancel()).body.data.subscriptions).toMatchObject([{ status: 'cancelled' }]);
    expect((await cancel()).headers.get('idempotency-replayed')).toBe('true');

    const refund = await call('POST', `/orders/${id}/refunds`, { reason: 'asked for it' });
    expect(refund).toMatchObject({ status: 200 });
    await world.ledger.caughtUp();
    expect(await own()).toMatchObject([{ periods: [{ status: 'ahead' }, { status: 'returned' }] }]);
    const [{ grant_id: grantId }] = (await browser.call('GET', '/api/user/grants')).body.data.grants;
    await world.ledger.commands.endGrant(
      { grantId, left: 10_000_000n },
      { actor: 'system', requestId: 'ended' },
    );
    await world.ledger.caughtUp();
    expect(await billed('type=grant')).toEqual(['Plan that ended: Monthly', 'Plan: Monthly']);
    expect((await call('GET', '/plans')).body.data.plans).toMatchObject([{ subscribers: 1 }]);
    expect((await call('GET', '/subscriptions?state=open')).body.data).toMatchObject({
      total: 1,
      subscriptions: [{ plan_id: 'monthly', status: 'cancelled' }],
    });
    expect((await call('GET', '/subscriptions?plan_id=other')).body.data).toMatchObject({ total: 0 });
  });
});
