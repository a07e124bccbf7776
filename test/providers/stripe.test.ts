import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import type { OrderView } from '../../src/projections/order/view.js';
import type { RefundView } from '../../src/projections/refund/query.js';
import { stripeSignature } from '../../src/providers/stripe/signature.js';
import { createOrdersWorld, type OrdersWorld } from '../reactions/payments/orders-world.js';
import { eventually } from '../support/eventually.js';
import { type FakeStripe, startFakeStripe } from '../support/fakes/fake-stripe.js';
import { startNotified } from '../support/fakes/notified.js';

const STRIPE = { method: 'stripe', providerId: 'stripe' };
const meta = { actor: 'operator:ann', requestId: 'r' };

let world: OrdersWorld;
let stripe: FakeStripe;
/** How far Stripe's clock is ahead of ours. */
let stripeAheadMs = 0;
let notified: Awaited<ReturnType<typeof startNotified>>;

const configure = (webhookSecret: string) =>
  world.payments.desk.operators.providers.configure({
    providerId: 'stripe',
    kind: 'stripe',
    settings: { account: stripe.account, currencies: ['CNY'], api_url: stripe.url },
    secrets: { secret_key: stripe.secretKey, webhook_secret: webhookSecret },
    by: 'operator:ann',
  });

beforeAll(async () => {
  world = await createOrdersWorld();
  stripe = await startFakeStripe(() => new Date(world.now().getTime() + stripeAheadMs));
  notified = await startNotified((request) => world.payments.desk.notify('stripe', request));
  stripe.notifyAt(notified.url);
  expect(await configure(stripe.webhookSecret)).toMatchObject({ ok: true, provider: { isEnabled: false } });
  await world.payments.desk.operators.providers.enable('stripe', true);
});
afterAll(async () => {
  await notified.close();
  await stripe.close();
  await world.close();
});
beforeEach(() => {
  world.begin();
  stripeAheadMs = 0;
  for (const name of Object.keys(stripe.faults)) delete stripe.faults[name as keyof typeof stripe.faults];
});

async function placed() {
  const order = await world.placed(STRIPE);
  const sessionId = order.checkout?.ref ?? '';
  return { order, sessionId, stage: async () => (await world.order(order.orderId)).stage };
}

describe('a Checkout Session', () => {
  it('is opened for an order, once, and credited when it is paid', async () => {
    const { order, sessionId, stage } = await placed();
    expect(order.checkout?.url).toBe(`${stripe.url}/pay/${sessionId}`);
    expect(stripe.sessions.get(sessionId)).toMatchObject({
      client_reference_id: order.orderId,
      amount_total: 50_000,
      currency: 'cny',
      idempotencyKey: `checkout:${order.orderId}`,
    });
    await stripe.pay(sessionId);
    expect(await stage()).toBe('credited');
    expect((await world.order(order.orderId)).credited?.amountUsd).toBe('70.422536');
    expect(stripe.answers.at(-1)).toEqual({ status: 200, body: 'success' });
  });

  it('notified twice, late and in another order, is one credit', async () => {
    Object.assign(stripe.faults, { duplicate: 3, reorder: true });
    const { order, sessionId, stage } = await placed();
    await stripe.pay(sessionId, { later: true });
    await stripe.resolve(sessionId, 'paid');
    await stripe.release();
    expect(await stage()).toBe('credited');
    expect(await world.credits(order.orderId)).toBe(1);
  });

  it('is not credited because an event says so: Stripe is asked', async () => {
    stripe.faults.lie = true;
    const { order, sessionId, stage } = await placed();
    await stripe.pay(sessionId, { later: true });
    expect(await stage()).toBe('opened');
    expect(await world.credits(order.orderId)).toBe(0);
    await stripe.resolve(sessionId, 'failed');
    expect(await stage()).toBe('failed');
  });

  it('that takes days does not expire meanwhile, and is credited in the end', async () => {
    const { sessionId, stage } = await placed();
    await stripe.pay(sessionId, { later: true });
    await world.heal();
    expect(await stage()).toBe('opened');
    await stripe.resolve(sessionId, 'paid');
    expect(await stage()).toBe('credited');
  });

  it('is told again while Stripe does not answer', async () => {
    const { sessionId, stage } = await placed();
    stripe.faults.down = true;
    await stripe.pay(sessionId);
    expect(stripe.answers.at(-1)).toEqual({ status: 503, body: 'fail' });
    expect(await stage()).toBe('opened');
    stripe.faults.down = false;
    await world.heal();
    expect(await stage()).toBe('credited');
  });

  it.each([86_400_000, -86_400_000])(
    'is refused where the clocks are %d ms apart, expires no earlier for it, and is found by asking',
    async (apart) => {
      const { order, sessionId, stage } = await placed();
      stripeAheadMs = apart;
      await stripe.pay(sessionId);
      expect(stripe.answers.at(-1)?.status).toBe(400);
      expect(await stage()).toBe('opened');
      await world.heal();
      expect(await stage()).toBe('credited');
      expect(await world.credits(order.orderId)).toBe(1);
      expect(await world.ledger.events('order-expired')).toEqual([]);
    },
  );

  it('of another amount waits for somebody to look', async () => {
    const { order, sessionId } = await placed();
    await stripe.pay(sessionId, { amount: 49_999 });
    const { stage, flags } = await world.order(order.orderId);
    expect([stage, flags]).toEqual(['opened', [{ kind: 'amount', decision: null }]]);
  });

  it('is closed with its order, unless it was paid', async () => {
    const open = await placed();
    const { commands } = world.payments.desk.of(open.order);
    expect(await commands.cancel(open.order.orderId, meta)).toMatchObject({ ok: true });
    expect(stripe.sessions.get(open.sessionId)?.status).toBe('expired');
    const paid = await placed();
    stripe.faults.drop = true;
    await stripe.pay(paid.sessionId);
    const cancelled = await world.payments.desk.of(paid.order).commands.cancel(paid.order.orderId, meta);
    expect(cancelled).toMatchObject({ ok: false, refusal: { code: 'order_paid' } });
    expect(await paid.stage()).toBe('credited');
  });
});

describe('money that goes back at Stripe', () => {
  const balanceOf = (accountId: string) => world.ledger.dependencies.balanceOf(accountId);
  const paid = async () => {
    const found = await placed();
    await stripe.pay(found.sessionId);
    await world.settle();
    return found;
  };

  it('is booked by what was given back in all, however often and late it is told', async () => {
    const { order, sessionId } = await paid();
    expect(await balanceOf(order.accountId)).toBe(35_211_268n);
    Object.assign(stripe.faults, { duplicate: 2, reorder: true });
    await stripe.refund(sessionId, 15_000);
    await stripe.refund(sessionId, 5_000);
    await stripe.release();
    await world.settle();
    expect(await balanceOf(order.accountId)).toBe(35_211_268n - 14_084_507n);
    await stripe.refund(sessionId, 30_000);
    await stripe.release();
    await world.settle();
    expect(await balanceOf(order.accountId)).toBe(0n);
  });

  it('in a dispute is taken and suspends; an inquiry takes nothing; what is won comes again', async () => {
    const { order, sessionId } = await paid();
    await stripe.dispute(sessionId, 'warning_needs_response');
    await world.settle();
    expect(await balanceOf(order.accountId)).toBe(35_211_268n);
    const disputeId = await stripe.dispute(sessionId);
    await world.settle();
    expect(await balanceOf(order.accountId)).toBe(0n);
    expect((await world.ledger.readModels.account(order.externalUserId))?.suspended).toBe(true);
    await stripe.closeDispute(disputeId, 'won');
    await world.settle();
    expect(await balanceOf(order.accountId)).toBe(35_211_268n);
    expect((await world.ledger.readModels.account(order.externalUserId))?.suspended).toBe(false);
    const { rows } = await world.ledger.pool.query<{ account: string; sum: bigint }>(
      `SELECT account, sum(amount) AS sum FROM p_journal.postings WHERE account = 'asset:disputes' GROUP BY account`,
    );
    expect(rows).toEqual([{ account: 'asset:disputes', sum: '0' }]);
  });

  it('of which nobody is told is found by the hourly list', async () => {
    const { order, sessionId } = await paid();
    stripe.faults.drop = true;
    await stripe.refund(sessionId, 50_000);
    world.begin();
    await world.healing().tick();
    await world.settle();
    expect(await balanceOf(order.accountId)).toBe(0n);
  });
});

describe('a refund from here', () => {
  const refunded = async (orderId: string, amountMinor?: bigint) => {
    const asked = { orderId, amountMinor, reason: 'asked for it' };
    const said = await world.payments.desk.refunds.commands.request(asked, meta);
    if (!said.ok) throw new Error(said.refusal.code);
    return said.value;
  };
  const viewOf = async (refundId: string) => {
    await world.settle();
    return world.payments.desk.refunds.find(refundId);
  };
  /** Whoever of the processes has its turn asks Stripe: it need not be the one that was told to. */
  const reached = (refundId: string, status: RefundView['status']) =>
    eventually(async () => {
      const view = await viewOf(refundId);
      if (view?.status !== status) throw new Error(`${refundId} is ${view?.status ?? 'unknown'}`);
      return view;
    });
  const balanceOf = async ({ accountId }: OrderView) => {
    await world.settle();
    return world.ledger.dependencies.balanceOf(accountId);
  };
  const paid = async () => {
    const found = await placed();
    await stripe.pay(found.sessionId);
    return found;
  };

  it('is under a key of its own, what Stripe tells of it is not booked again, and the rest goes too', async () => {
    const { order, sessionId } = await paid();
    const { refundId } = await refunded(order.orderId, 20_000n);
    expect(await reached(refundId, 'succeeded')).toMatchObject({
      ...{ amountMinor: 20_000n, currency: 'CNY', reason: 'asked for it' },
      quota: 14_084_507n,
    });
    expect(stripe.refunds.at(-1)).toMatchObject({
      ...{ idempotencyKey: `refund:${refundId}`, amount: 20_000 },
      metadata: { refund_id: refundId, order_id: order.orderId },
    });
    expect(await balanceOf(order)).toBe(21_126_761n);
    await stripe.refund(sessionId, 10_000);
    await reached((await refunded(order.orderId)).refundId, 'succeeded');
    expect(await balanceOf(order)).toBe(0n);
    await expect(refunded(order.orderId)).rejects.toThrow('refund_exceeds_payment');
    const steps = (await world.payments.desk.operators.trace(order.orderId)).map(({ what }) => what);
    expect(steps.filter((what) => what === 'refund-succeeded')).toHaveLength(2);
  });

  it('whose answer was lost is found by the sweep, and not asked for again', async () => {
    const { order } = await paid();
    stripe.faults.lose = true;
    const { refundId, status } = await refunded(order.orderId, 20_000n);
    expect(status).toBe('sent');
    const before = stripe.refunds.length;
    stripe.faults.lose = false;
    await world.settle();
    world.clock.aheadMs += 61_000;
    await world.healing().sweep(world.now());
    expect(await viewOf(refundId)).toMatchObject({
      status: 'succeeded',
      providerRefund: stripe.refunds.at(-1)?.id,
    });
    expect(stripe.refunds).toHaveLength(before);
    expect(await balanceOf(order)).toBe(21_126_761n);
  });

  it('that Stripe refuses gives again what it took', async () => {
    const { order, sessionId } = await paid();
    stripe.faults.drop = true;
    await stripe.refund(sessionId, 40_000);
    const { refundId } = await refunded(order.orderId, 20_000n);
    expect(await reached(refundId, 'failed')).toMatchObject({
      why: 'charge_already_refunded',
      quota: null,
    });
    expect(await balanceOf(order)).toBe(35_211_268n);
  });

  it('that did not arrive, as Stripe says days later, is given again once, and somebody looks', async () => {
    const { order, sessionId } = await paid();
    const { refundId } = await refunded(order.orderId, 20_000n);
    await reached(refundId, 'succeeded');
    await stripe.refund(sessionId, 10_000);
    expect(await balanceOf(order)).toBe(14_084_507n);
    const [ours, theirs] = stripe.refunds.slice(-2);
    world.clock.aheadMs += 5 * 86_400_000;
    stripe.faults.duplicate = 2;
    await stripe.failRefund(ours?.id ?? '');
    expect(await viewOf(refundId)).toMatchObject({
      ...{ status: 'failed', why: 'expired_or_canceled_card', providerRefund: ours?.id },
    });
    expect(await balanceOf(order)).toBe(28_169_014n);
    await stripe.failRefund(theirs?.id ?? '');
    expect(await balanceOf(order)).toBe(35_211_268n);
    expect((await world.order(order.orderId)).flags).toEqual([
      { kind: 'refund-failed', decision: null },
      { kind: 'refund-failed', decision: null },
    ]);
    await reached((await refunded(order.orderId)).refundId, 'succeeded');
    expect(await balanceOf(order)).toBe(0n);
  });

  it('leaves books in which nothing is wrong, and whose journal sums to zero (I8)', async () => {
    await world.settle();
    const { checks } = await verifyBooks({ store: world.ledger.dependencies.store, pool: world.ledger.pool });
    expect(checks.flatMap(({ differences }) => differences)).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain('the journal sums to zero');
  });
});

describe('what is not signed', () => {
  it('changes nothing', async () => {
    const { order, sessionId } = await placed();
    const body = JSON.stringify({
      type: 'checkout.session.completed',
      data: { object: { object: 'checkout.session', id: sessionId, client_reference_id: order.orderId } },
    });
    const seconds = Math.floor(world.now().getTime() / 1_000);
    const head = await world.ledger.head();
    const headers = [
      stripeSignature('whsec_wrongwrong', body, seconds),
      stripeSignature(stripe.webhookSecret, body, seconds - 301),
      stripeSignature(stripe.webhookSecret, body, seconds + 301),
      stripeSignature(stripe.webhookSecret, `${body} `, seconds),
      '',
    ];
    for (const signature of headers) {
      const answer = await fetch(notified.url, {
        method: 'POST',
        headers: { 'stripe-signature': signature },
        body,
      });
      expect(answer.status).toBe(400);
    }
    expect(await world.ledger.head()).toBe(head);
  });
});

describe('a configuration', () => {
  it('that is changed goes on verifying and asking for the orders of the one before', async () => {
    const { order, sessionId, stage } = await placed();
    const { operators } = world.payments.desk;
    expect(await configure('whsec_anotherone')).toMatchObject({ ok: true, provider: { revision: 2 } });
    expect(await configure('whsec_anotherone')).toMatchObject({ ok: true, provider: { revision: 2 } });
    await operators.providers.enable('stripe', false);
    expect(await world.payments.desk.methods()).not.toContainEqual(
      expect.objectContaining({ method: 'stripe' }),
    );
    await stripe.pay(sessionId);
    expect(await stage()).toBe('credited');
    expect((await world.order(order.orderId)).providerRevision).toBe(1);
    await operators.providers.enable('stripe', true);
    await configure(stripe.webhookSecret);
    expect(await world.payments.desk.methods()).toContainEqual(
      expect.objectContaining({ method: 'stripe', currencies: ['CNY'] }),
    );
  });

  it('that was given up says nothing of what is ordered later, though it is signed and Stripe says so', async () => {
    const { operators } = world.payments.desk;
    await configure('whsec_ofnowadays');
    const { order, sessionId, stage } = await placed();
    await stripe.pay(sessionId);
    expect(await stage()).toBe('opened');
    expect(await world.credits(order.orderId)).toBe(0);
    const [flag] = await operators.flags({ state: 'open' }, { limit: 1 });
    expect(flag).toMatchObject({ kind: 'merchant', orderId: order.orderId });
    await configure(stripe.webhookSecret);
  });

  it.each([
    ['an empty secret', { webhook_secret: '' }, 'secrets.webhook_secret'],
    ['an account that is none', { account: 'ann' }, 'settings.account'],
    ['a setting that nobody knows', { colour: 'red' }, 'settings'],
  ])('with %s is refused', async (_, changes, field) => {
    const { webhook_secret: webhookSecret = 'whsec_goodgood', ...settings } = changes as Record<
      string,
      string
    >;
    const configured = await world.payments.desk.operators.providers.configure({
      providerId: 'other',
      kind: 'stripe',
      settings: { account: 'acct_x', currencies: ['CNY'], ...settings },
      secrets: { secret_key: 'sk_test_abcdefgh', webhook_secret: webhookSecret },
      by: 'operator:ann',
    });
    expect(configured).toMatchObject({ ok: false, faults: [{ field }] });
    expect(
      (await world.payments.desk.operators.providers.list()).map(({ providerId }) => providerId),
    ).toEqual(['stripe']);
  });

  it('keeps its secrets sealed, and none is in the log (I7)', async () => {
    const { rows } = await world.ledger.pool.query<{ row: string }>(
      'SELECT row_to_json(r)::text AS row FROM payment_provider_revisions r',
    );
    expect(rows.length).toBeGreaterThan(0);
    const log = await world.ledger.store.readAll({ after: -1n, limit: 10_000 });
    const kept = [...rows.map(({ row }) => row), ...log.events.map(({ data }) => JSON.stringify(data))];
    for (const each of kept) expect(each).not.toMatch(/sk_test_|whsec_/);
  });
});

describe('all payments, once an hour', () => {
  it('are taken, over several pages, and one for no order is flagged', async () => {
    stripe.faults.drop = true;
    const orders = [await placed(), await placed(), await placed()];
    for (const { sessionId } of orders) await stripe.pay(sessionId);
    await world.ledger.pool.query('TRUNCATE payment_schedule');
    const lost = await placed();
    Object.assign(stripe.sessions.get(lost.sessionId) ?? {}, {
      client_reference_id: 'CF01KB3XQ5T7VJ2M8N4P6R9S0LST',
      metadata: { order_id: 'CF01KB3XQ5T7VJ2M8N4P6R9S0LST' },
    });
    await stripe.pay(lost.sessionId);
    world.begin();
    await world.healing().tick();
    for (const { stage } of orders) expect(await stage()).toBe('credited');
    const flags = await world.payments.desk.operators.flags({ state: 'open' }, { limit: 50 });
    expect(flags).toContainEqual(
      expect.objectContaining({
        kind: 'stray',
        providerId: 'stripe',
        orderId: 'CF01KB3XQ5T7VJ2M8N4P6R9S0LST',
      }),
    );
  });
});
