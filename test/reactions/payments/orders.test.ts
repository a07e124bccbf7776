import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { verifyBooks } from '../../../src/books/verify/verify-books.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import { orderUuidOf } from '../../../src/commands/handling/identifiers.js';
import { checked, LedgerUnavailable } from '../../../src/commands/handling/command.js';
import { createMetrics } from '../../../src/compose/metrics.js';
import { paymentMetrics } from '../../../src/compose/payment-metrics.js';
import { encodeEvent } from '../../../src/domain/events/codec.js';
import { priceOfPlan } from '../../../src/domain/order/plan-price.js';
import { orderStream } from '../../../src/domain/streams.js';
import type { TestAct } from '../../../src/providers/testpay/paying.js';
import { TEST } from '../../../src/providers/testpay/test-provider.js';
import type { HttpAnswer, RawRequest } from '../../../src/reactions/payments/provider.js';
import { nextPoll } from '../../../src/reactions/payments/schedule.js';
import type { OrderView } from '../../../src/projections/order/view.js';
import { Periods } from '../../../src/reactions/subscriptions/periods.js';
import { anEvent } from '../../support/events.js';
import { monthly, PLAN } from '../../support/paid-plan.js';
import { createOrdersWorld, type OrdersWorld } from './orders-world.js';

let world: OrdersWorld;
let isLogAway = false;
beforeAll(async () => {
  world = await createOrdersWorld((commands) => ({
    ...commands,
    applySighting: checked(async (seen, meta) => {
      if (isLogAway) throw new LedgerUnavailable('the log is away');
      return commands.applySighting(seen, meta);
    }),
  }));
});
afterAll(() => world.close());
beforeEach(() => world.begin());

describe('a notification', () => {
  it('a hundred times at once, at two processes, is one credit and one answer', async () => {
    const order = await world.placed();
    let sent: RawRequest | undefined;
    await world.act(order, 'pay', (request) => {
      sent = request;
      return Promise.resolve(undefined);
    });
    if (!sent) throw new Error('nothing was sent');
    const desks = [world.payments.desk, world.other.desk];
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => desks[index % 2]?.notify(TEST, sent as RawRequest)),
    );
    expect(new Set(answers.map((answer) => answer?.body))).toEqual(new Set(['success']));
    expect(await world.credits(order.orderId)).toBe(1);
    expect((await world.order(order.orderId)).stage).toBe('credited');
    const entries = await world.payments.parts.inbox.ofOrder(order.orderId);
    expect(entries).toMatchObject([{ verdict: 'stored', times: 100 }]);
  });

  it('is not confirmed while the log is away, and the order heals', async () => {
    const order = await world.placed();
    const answers: (HttpAnswer | undefined)[] = [];
    isLogAway = true;
    await world.act(order, 'pay', async (request) => {
      const answer = await world.payments.desk.notify(TEST, request);
      answers.push(answer);
      return answer;
    });
    isLogAway = false;
    expect(answers).toMatchObject([{ status: 503, body: 'fail' }]);
    expect(await world.payments.parts.inbox.ofOrder(order.orderId)).toMatchObject([{ verdict: 'received' }]);
    expect(await world.credits(order.orderId)).toBe(0);
    await world.heal();
    expect(await world.credits(order.orderId)).toBe(1);
  });

  it('of an order that nobody can see is sent again', async () => {
    const order = await world.placed();
    const answers: (HttpAnswer | undefined)[] = [];
    await world.act({ ...order, orderId: 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWY' }, 'pay', async (request) => {
      const answer = await world.payments.desk.notify(TEST, request);
      answers.push(answer);
      return answer;
    });
    expect(answers).toMatchObject([{ status: 503, body: 'fail' }]);
    expect(await world.payments.parts.inbox.ofOrder('CF01KB3XQ5T7VJ2M8N4P6R9S0TWY')).toMatchObject([
      { verdict: 'later' },
    ]);
  });

  it.each(['sent again', 'swept'])(
    'of an order that there is not waits for somebody to look: %s',
    async (how) => {
      const order = await world.placed();
      const orderId = `CF01KB3XQ5T7VJ2M8N4P6R9S0T${how === 'swept' ? 'W' : 'X'}Z`;
      const requests: RawRequest[] = [];
      await world.act({ ...order, orderId }, 'pay', async (request) => {
        requests.push(request);
        return world.payments.desk.notify(TEST, request);
      });
      const [request] = requests;
      if (!request) throw new Error('nothing was sent');
      world.clock.aheadMs += 61_000;
      if (how === 'swept') await world.healing().sweep(new Date(Date.now() + world.clock.aheadMs));
      else expect(await world.payments.desk.notify(TEST, request)).toMatchObject({ body: 'success' });
      expect(await world.payments.parts.inbox.ofOrder(orderId)).toMatchObject([{ verdict: 'stored' }]);
      expect(await world.payments.desk.notify(TEST, request)).toMatchObject({ body: 'success' });
      await world.settle();
      const { operators } = world.payments.desk;
      const flags = (await operators.flags({}, { limit: 100 })).filter((flag) => flag.orderId === orderId);
      expect(flags).toMatchObject([
        { kind: 'stray', settled: undefined, providerId: TEST, amountMinor: 50_000n },
      ]);
      const [flag] = flags;
      if (!flag) throw new Error('there is no flag');
      const settling = {
        flagId: flag.flagId,
        decision: 'credit',
        orderId: order.orderId,
        reason: 'mistyped',
      } as const;
      const meta = { actor: 'operator:ann', requestId: 'r' };
      expect(await operators.commands.settleStray(settling, meta)).toMatchObject({ ok: true });
      expect(await operators.commands.settleStray(settling, meta)).toMatchObject({
        ok: true,
        replayed: true,
      });
      expect((await world.order(order.orderId)).stage).toBe('credited');
      expect(await world.credits(order.orderId)).toBe(1);
    },
  );
});

describe('money for no order', () => {
  const meta = { actor: 'operator:ann', requestId: 'r' };
  const flagged = async (order: OrderView, providerPayment: string, named = '') => {
    const { payMinor: amountMinor, currency } = order;
    const sighting = {
      ...{ orderId: named, providerPayment, merchant: TEST, currency, amountMinor },
      ...{ at: world.now(), what: 'paid' as const },
    };
    const seen = {
      sighting,
      providerId: TEST,
      seenBy: 'notification' as const,
      evidenceSha256: 'e5'.repeat(32),
    };
    const flag = await world.ledger.commands.flagStray(seen, meta);
    if (!flag.ok) throw new Error(flag.refusal.code);
    const decided = { flagId: flag.value.flagId, decision: 'credit' as const, reason: 'found' };
    const settle = (orderId: string) =>
      world.payments.desk.operators.commands.settleStray({ ...decided, orderId }, meta);
    return { settle, sighting };
  };

  it('is credited to one, though two operators find one each at the same time', async () => {
    const [one, other] = [await world.placed(), await world.placed()];
    const { settle } = await flagged(one, 'test_of_two');
    const answers = await Promise.all([one, other].map(({ orderId }) => settle(orderId)));
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect((await world.credits(one.orderId)) + (await world.credits(other.orderId))).toBe(1);
  });

  it('is not credited to another once the order that it named has it', async () => {
    const [one, other] = [await world.placed(), await world.placed()];
    const { settle, sighting } = await flagged(one, 'test_of_one', one.orderId);
    const seen = { sighting, providerId: TEST, merchant: TEST, evidenceSha256: 'e5'.repeat(32) };
    await world.ledger.commands.applySighting({ ...seen, seenBy: 'query' }, meta);
    expect(await settle(other.orderId)).toMatchObject({
      refusal: { code: 'order_flag_uncreditable' },
    });
    expect(await settle(one.orderId)).toMatchObject({ ok: true });
    expect((await world.credits(one.orderId)) + (await world.credits(other.orderId))).toBe(1);
  });
});

describe('healing', () => {
  it('credits what a process that was killed had seen and not credited', async () => {
    const order = await world.placed();
    const { orderId: order_id, accountId: account_id } = order;
    await world.ledger.pool.query(
      `UPDATE payment_schedule SET next_at = now() + interval '30 days' WHERE order_id = $1`,
      [order_id],
    );
    // As kill -9 leaves it: paid is in the log, and no credit.
    await appendPaid(order_id, account_id);
    expect((await world.order(order_id)).stage).toBe('paid');
    await world.healing().sweep(new Date(Date.now() + world.clock.aheadMs));
    expect(await world.credits(order_id)).toBe(0);
    await world.healing().sweep(new Date(Date.now() + world.clock.aheadMs + 31_000));
    expect(await world.credits(order_id)).toBe(1);
  });

  it('gives the bonus that nobody gave when the order was credited', async () => {
    const { asked, price, ...account } = await world.payer();
    const { commands } = world.payments.desk.of(account);
    const offered = { method: TEST, providerId: TEST, currencies: ['CNY'] };
    const bonus = { ...price, bonusQuota: 1_000n };
    const placed = await commands.place(
      { asked, offered, price: bonus },
      { actor: 'user:1', requestId: 'r' },
    );
    const { orderId } = await world.order(placed.ok ? placed.value.orderId : '');
    await appendPaid(orderId, account.accountId);
    const off = createCommands({ ...world.ledger.dependencies, givesGrants: false });
    await off.creditOrder({ orderId }, { actor: 'system', requestId: 'r' });
    expect((await world.order(orderId)).stage).toBe('credited');
    expect(await world.ledger.events('grant-given')).toEqual([]);
    for (const aheadMs of [31_000, 95_000]) {
      await world.healing().sweep(new Date(Date.now() + aheadMs));
      await world.settle();
    }
    expect(await world.ledger.events('grant-given')).toMatchObject([
      { source: `order:${orderId}`, kind: 'bonus', quota: '1000' },
    ]);
  });

  it('asks the provider of what nobody told, within ten seconds', async () => {
    const order = await world.placed();
    await world.act(order, 'pay-quietly');
    world.clock.aheadMs += 9_000;
    await world.healing().tick();
    const healed = await world.order(order.orderId);
    expect([healed.stage, healed.paid?.seenBy]).toEqual(['credited', 'sweep']);
  });

  it('ends what was not paid in time, and credits what is paid afterwards', async () => {
    const order = await world.placed();
    world.clock.aheadMs += 31 * 60_000;
    await world.healing().tick();
    expect((await world.order(order.orderId)).stage).toBe('expired');
    await world.act(order, 'pay-quietly');
    await world.heal();
    expect((await world.order(order.orderId)).stage).toBe('credited');
  });

  it('asks hourly for all payments, and takes what nobody told of long ago', async () => {
    const order = await world.placed();
    await world.ledger.pool.query('TRUNCATE payment_schedule');
    await world.act(order, 'pay-quietly');
    await world.act({ ...order, orderId: 'CF01KB3XQ5T7VJ2M8N4P6R9S0TVV' }, 'pay-quietly');
    await world.healing().tick();
    expect((await world.order(order.orderId)).stage).toBe('credited');
    const flags = await world.payments.desk.operators.flags({ state: 'open' }, { limit: 100 });
    expect(flags.filter((flag) => flag.orderId === 'CF01KB3XQ5T7VJ2M8N4P6R9S0TVV')).toMatchObject([
      { kind: 'stray', seenBy: 'sweep' },
    ]);
  });

  it('makes its list anew', async () => {
    const order = await world.placed();
    await world.ledger.pool.query('TRUNCATE payment_schedule');
    await world.act(order, 'pay-quietly');
    world.clock.aheadMs += 61_000;
    await world.healing().tick();
    await world.heal();
    expect(await world.credits(order.orderId)).toBe(1);
    const { rows } = await world.ledger.pool.query('SELECT FROM payment_schedule WHERE order_id = $1', [
      order.orderId,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('limits', () => {
  it.each([
    ['open', { openMost: 3, hourlyMost: 100 }, 'orders_open_most'],
    ['an hour', { openMost: 100, hourlyMost: 3 }, 'orders_hourly_most'],
  ] as const)('of %s are not passed by requests at once, at two processes', async (_, most, code) => {
    const { externalUserId, price, asked } = await world.payer();
    const processes = [world.payments, world.other];
    const order = {
      externalUserId,
      asked,
      price,
      providerId: TEST,
      providerRevision: 1,
      forMs: 1_800_000,
      ...most,
    };
    const results = await Promise.all(
      processes.flatMap(({ parts }) =>
        Array.from({ length: 10 }, (__, index) =>
          parts.commands.placeOrder(order, { actor: 'system', requestId: `r-${index}` }),
        ),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    const refused = results.flatMap((result) => (result.ok ? [] : [result.refusal]));
    expect(new Set(refused.map((refusal) => refusal.code))).toEqual(new Set([code]));
  });
});

describe('when a provider is asked', () => {
  const placedAt = new Date(0);
  const order = { placedAt, expiresAt: new Date(1_800_000) };
  it.each([
    [0, 5],
    [5, 15],
    [59, 60],
    [60, 120],
    [1_799, 1_800],
    [90_000, 259_200],
    [259_200, undefined],
  ])('after %d seconds next after %p', (after, next) => {
    const at = nextPoll(order, new Date(after * 1000));
    expect(at && at.getTime() / 1000).toBe(next);
  });
  it('also when its order ends, however late that is', () => {
    const late = { placedAt, expiresAt: new Date(604_800_000) };
    expect(nextPoll(late, new Date(300_000_000))).toEqual(late.expiresAt);
  });
});

type Step = TestAct | 'cancel' | 'check' | 'tick';
const steps: readonly Step[] = [
  'pay',
  'pay-five-times',
  'pay-quietly',
  'pay-less',
  'fail',
  'cancel',
  'check',
  'tick',
];

it('I1, I5: whatever happens, an order is credited once at most, and all money is credited or flagged', async () => {
  const meta = { actor: 'service-key:1', requestId: 'r' };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 5 }), async (taken) => {
      world.begin();
      const order = await world.placed();
      const { commands } = world.payments.desk.of(order);
      for (const step of taken) {
        if (step === 'cancel') await commands.cancel(order.orderId, meta);
        else if (step === 'check') await commands.check(order.orderId, meta);
        else if (step === 'tick') await world.healing().tick();
        else await world.act(order, step);
      }
      await world.heal();
      const whole = taken.filter((step) => step.startsWith('pay') && step !== 'pay-less').length;
      const less = taken.filter((step) => step === 'pay-less').length;
      expect(await world.credits(order.orderId)).toBe(Math.min(whole, 1));
      const { stage, flags } = await world.order(order.orderId);
      expect(stage === 'credited').toBe(whole > 0);
      const told = taken.filter(
        (step) => step !== 'pay-quietly' && step.startsWith('pay') && step !== 'pay-less',
      );
      const kinds = flags.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'amount')).toHaveLength(less);
      // What nobody told of a second payment is found while the provider is still asked.
      const second = kinds.filter((kind) => kind === 'second-payment').length;
      expect(second).toBeLessThanOrEqual(Math.max(whole - 1, 0));
      expect(second).toBeGreaterThanOrEqual(Math.max(told.length - 1, 0));
    }),
    { numRuns: 12 },
  );
});

async function appendPaid(order_id: string, account_id: string): Promise<void> {
  const paid = anEvent('order-paid', { order_id, account_id });
  const { store } = world.ledger;
  const stream = orderStream(orderUuidOf(order_id));
  const result = await store.append([
    {
      stream,
      expected: 1n,
      events: [{ id: randomUUID(), ...encodeEvent(paid), metadata: {} }],
    },
  ]);
  expect(result.outcome).toBe('appended');
}

describe('an order of a plan', () => {
  const meta = { actor: 'operator:ann', requestId: 'r' };

  it('is a period from its instant on, begins when it is to begin in whichever process, and is over then', async () => {
    const { ledger, payments, clock, now } = world;
    const commands = createCommands({ ...ledger.dependencies, now });
    await commands.publishPlan({ planId: PLAN, terms: monthly }, meta);
    const { externalUserId, accountId } = await world.payer();
    const price = priceOfPlan(monthly, 'CNY', '7.10');
    if (!price) throw new Error('there is no price');
    const paid = async () => {
      const placed = await payments.desk.of({ accountId, externalUserId }).commands.place(
        {
          asked: { method: TEST, currency: 'CNY', plan: PLAN },
          offered: { method: TEST, providerId: TEST, currencies: ['CNY'] },
          ...{ price, plan: { planId: PLAN, version: 1 } },
        },
        meta,
      );
      if (!placed.ok) throw new Error(placed.refusal.code);
      const order = await world.order(placed.value.orderId);
      // Nobody tells: asking finds it.
      await world.act(order, 'pay-quietly');
      await world.heal();
      return world.order(order.orderId);
    };
    const periods = () =>
      new Periods({ pool: ledger.pool, commands, now, onFault: (error) => faults.push(error) });
    const faults: unknown[] = [];
    const tick = async () => {
      await Promise.all([periods().tick(), periods().tick()]);
      await world.settle();
    };
    const standing = async () => {
      const [one] = await ledger.readModels.subscriptions({ accountId }, { limit: 9 });
      return { status: one?.status, remaining: one?.periods.map(({ remaining }) => remaining) };
    };
    expect(await paid()).toMatchObject({
      stage: 'credited',
      plan: { planId: PLAN },
      credited: { quota: monthly.quota },
    });
    await paid();
    await tick();
    expect(await standing()).toEqual({ status: 'active', remaining: [0n, monthly.quota] });
    const [first, second] = await ledger
      .events('subscription-started')
      .then(async (started) => [started.at(-1), (await ledger.events('subscription-renewed')).at(-1)]);
    expect(second?.starts_at).toBe(first?.ends_at);
    clock.aheadMs = Date.parse(String(first?.ends_at)) - Date.now();
    await tick();
    expect(await standing()).toEqual({ status: 'active', remaining: [monthly.quota, monthly.quota] });
    clock.aheadMs = Date.parse(String(second?.ends_at)) - Date.now();
    await tick();
    await tick();
    expect((await standing()).status).toBe('ended');
    expect(faults).toEqual([]);
    const found = await verifyBooks({ store: ledger.store, pool: ledger.pool });
    expect(found.checks.flatMap(({ differences }) => differences)).toEqual([]);
  });
});

it('is counted for who watches: what is paid and not credited, what waits for somebody, notifications and how long it took', async () => {
  const metrics = createMetrics(pino({ level: 'silent' }));
  const { onVerdict, timed } = paymentMetrics(metrics, world.ledger.pool);
  const figures = async () => [
    await metrics.figure('orders_paid_uncredited'),
    await metrics.figure('order_flags_open'),
  ];
  const [uncredited = NaN, open = NaN] = await figures();
  const order = await world.placed();
  await appendPaid(order.orderId, order.accountId);
  await world.settle();
  expect(await figures()).toEqual([uncredited + 1, open]);
  await world.healing().sweep(new Date(Date.now() + world.clock.aheadMs + 31_000));
  await world.act(await world.placed(), 'pay-less');
  await world.settle();
  expect(await figures()).toEqual([uncredited, open + 1]);
  onVerdict(TEST, 'forged');
  const { payMinor: amountMinor, currency, orderId } = await world.placed();
  const at = new Date(world.now().getTime() - 90_000);
  await timed(world.ledger.commands, world.now).applySighting(
    {
      sighting: {
        orderId,
        providerPayment: 'timed',
        merchant: TEST,
        currency,
        amountMinor,
        at,
        what: 'paid',
      },
      ...{ providerId: TEST, merchant: TEST, seenBy: 'sweep', evidenceSha256: 'e5'.repeat(32) },
    },
    { actor: 'system', requestId: 'r' },
  );
  const text = await metrics.registry.metrics();
  expect(text).toContain(`counterfoil_payment_notifications_total{provider="${TEST}",verdict="forged"} 1`);
  expect(text).toContain(`counterfoil_order_credit_seconds_bucket{le="60",provider="${TEST}"} 0`);
  expect(text).toContain(`counterfoil_order_credit_seconds_bucket{le="300",provider="${TEST}"} 1`);
});
