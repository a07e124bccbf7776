import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import type { OrderView } from '../../src/projections/order/view.js';
import { createOrdersWorld, type OrdersWorld } from '../reactions/payments/orders-world.js';
import { type FakeEpay, startFakeEpay } from '../support/fakes/fake-epay.js';
import { type FakeStripe, startFakeStripe } from '../support/fakes/fake-stripe.js';
import { startNotified } from '../support/fakes/notified.js';

const meta = { actor: 'operator:ann', requestId: 'r' };

let world: OrdersWorld;
let stripe: FakeStripe;
let epay: FakeEpay;
let notified: Awaited<ReturnType<typeof startNotified>>;

beforeAll(async () => {
  notified = await startNotified((request, path) => {
    const id = path.split('/').at(-1) ?? '';
    return world.payments.desk.notify(id, request);
  });
  world = await createOrdersWorld(undefined, notified.base);
  stripe = await startFakeStripe(() => world.now());
  epay = await startFakeEpay(() => world.now());
  stripe.notifyAt(`${notified.base}/api/payments/notify/stripe`);
  const { providers } = world.payments.desk.operators;
  await providers.configure({
    ...{ providerId: 'stripe', kind: 'stripe', by: 'operator:ann' },
    settings: { account: stripe.account, currencies: ['CNY'], api_url: stripe.url },
    secrets: { secret_key: stripe.secretKey, webhook_secret: stripe.webhookSecret },
  });
  await providers.configure({
    ...{ providerId: 'epay', kind: 'epay', by: 'operator:ann' },
    settings: {
      ...{ api_url: epay.url, version: 'v2', pid: epay.pid, methods: ['wxpay'] },
      platform_public_key: epay.platformKey,
    },
    secrets: { key: epay.merchantKey },
  });
  for (const id of ['stripe', 'epay']) await providers.enable(id, true);
});
afterAll(async () => {
  for (const each of [epay, stripe, notified, world]) await each.close();
});
beforeEach(() => {
  world.begin();
  for (const { faults } of [stripe, epay])
    for (const name of Object.keys(faults)) delete faults[name as keyof typeof faults];
});

/** One of each kind that sends back by itself, paid. */
const paid: Readonly<Record<'test' | 'stripe' | 'epay', () => Promise<OrderView>>> = {
  test: async () => {
    const order = await world.placed();
    await world.act(order, 'pay');
    return order;
  },
  stripe: async () => {
    const order = await world.placed({ method: 'stripe', providerId: 'stripe' });
    await stripe.pay(order.checkout?.ref ?? '');
    return order;
  },
  epay: async () => {
    const order = await world.placed({ method: 'wxpay', providerId: 'epay' });
    await epay.pay(order.orderId);
    return order;
  },
};
const kinds = ['test', 'stripe', 'epay'] as const;

async function refunded({ orderId }: OrderView, amountMinor?: bigint) {
  const asked = { orderId, amountMinor, reason: 'asked for it' };
  const said = await world.payments.desk.refunds.commands.request(asked, meta);
  if (!said.ok) throw new Error(said.refusal.code);
  return said.value;
}

const balanceOf = async ({ externalUserId }: OrderView) => {
  await world.settle();
  return (await world.ledger.readModels.account(externalUserId))?.balance;
};
const viewOf = async (refundId: string) => {
  await world.settle();
  return world.payments.desk.refunds.find(refundId);
};

describe.each(kinds)('a refund at %s', (kind) => {
  it('goes back in two equal parts and the rest, and the books know', async () => {
    const order = await paid[kind]();
    const parts = [await refunded(order, 20_000n), await refunded(order, 20_000n), await refunded(order)];
    expect(parts.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(await balanceOf(order)).toBe(0n);
    expect(await viewOf(parts[0]?.refundId ?? '')).toMatchObject({
      ...{ amountMinor: 20_000n, currency: 'CNY', status: 'succeeded', reason: 'asked for it' },
      quota: 14_084_507n,
    });
    await expect(refunded(order)).rejects.toThrow('refund_exceeds_payment');
    const steps = (await world.payments.desk.operators.trace(order.orderId)).map(({ what }) => what);
    expect(steps.filter((what) => what === 'refund-succeeded')).toHaveLength(3);
  });
});

describe('a refund at Stripe', () => {
  it('is under a key of its own, and what Stripe tells of it is not booked again', async () => {
    const order = await paid.stripe();
    const { refundId } = await refunded(order, 20_000n);
    expect(stripe.refunds.at(-1)).toMatchObject({
      ...{ idempotencyKey: `refund:${refundId}`, amount: 20_000 },
      metadata: { refund_id: refundId, order_id: order.orderId },
    });
    expect(await balanceOf(order)).toBe(21_126_761n);
    await stripe.refund(order.checkout?.ref ?? '', 30_000);
    expect(await balanceOf(order)).toBe(0n);
  });

  it('whose answer was lost is found by the sweep, and not asked for again', async () => {
    const order = await paid.stripe();
    stripe.faults.lose = true;
    const { refundId, status } = await refunded(order, 20_000n);
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
    const order = await paid.stripe();
    stripe.faults.drop = true;
    await stripe.refund(order.checkout?.ref ?? '', 40_000);
    const { refundId } = await refunded(order, 20_000n);
    expect(await viewOf(refundId)).toMatchObject({
      status: 'failed',
      why: 'charge_already_refunded',
      quota: null,
    });
    expect(await balanceOf(order)).toBe(35_211_268n);
  });
});

describe('a refund at Epay', () => {
  it('that it only took is asked about until it is done', async () => {
    const order = await paid.epay();
    epay.faults.slow = true;
    const { refundId, status } = await refunded(order, 20_000n);
    expect(status).toBe('sent');
    delete epay.faults.slow;
    expect(await world.payments.desk.refunds.commands.goOn(refundId, meta)).toMatchObject({
      value: { status: 'succeeded' },
    });
    expect([...epay.refunds].filter(([, { orderId }]) => orderId === order.orderId)).toEqual([
      [refundId, { orderId: order.orderId, money: '200.00' }],
    ]);
  });
});

describe('after all of them', () => {
  it('nothing is wrong in the books, and the journal sums to zero (I8)', async () => {
    await world.settle();
    const { checks } = await verifyBooks({ store: world.ledger.dependencies.store, pool: world.ledger.pool });
    expect(checks.flatMap(({ differences }) => differences)).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain('the journal sums to zero');
  });

  it('no secret is in the log, nor in what is kept of configurations (I7)', async () => {
    const { rows } = await world.ledger.pool.query<{ row: string }>(
      'SELECT row_to_json(r)::text AS row FROM payment_provider_revisions r',
    );
    const log = await world.ledger.store.readAll({ after: -1n, limit: 10_000 });
    const kept = [
      ...rows.map(({ row }) => row),
      ...log.events.map(({ data }) => JSON.stringify(data)),
    ].join();
    for (const secret of [stripe.secretKey, stripe.webhookSecret, epay.merchantKey.split('\n')[1] ?? ''])
      expect(kept).not.toContain(secret);
  });
});
