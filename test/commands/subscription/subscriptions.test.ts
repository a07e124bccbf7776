import { describe, expect, it } from '@jest/globals';
import { withoutCache } from '../../../src/cli/operator.js';
import { createCommands } from '../../../src/commands/create-commands.js';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { createCommandWorld, type CommandWorld } from '../../support/command-world.js';
import { monthly, orderPlan, payPlan, PLAN, subscriptionOf, tellOfPlan } from '../../support/paid-plan.js';

const meta = { actor: 'operator:ann', requestId: 'r' };
const USER = 'user-1';
const QUOTA = monthly.quota;

async function world(overrides: Parameters<typeof createCommandWorld>[0] = {}): Promise<CommandWorld> {
  const made = createCommandWorld(overrides);
  await made.commands.syncAccount({ externalUserId: USER, username: USER }, meta);
  await made.commands.publishPlan({ planId: PLAN, terms: monthly }, meta);
  return made;
}

const balance = (of: CommandWorld) => of.balanceOf(accountIdOf(USER));
const types = async (of: CommandWorld) =>
  (await of.log()).map(({ type }) => type).filter((type) => /^(subscription|grant)-/.test(type));
/** As whoever looks after grants and periods does, by the log alone. */
async function settle(of: CommandWorld, period: number): Promise<void> {
  const { commands } = of;
  for (const event of await of.events('grant-closed')) {
    if (event.type !== 'grant-closed') continue;
    await commands.endGrant({ grantId: event.data.grant_id, left: 4_000_000n }, meta);
  }
  await commands.settlePeriod({ subscriptionId: subscriptionOf(USER), period }, meta);
}

describe('a plan', () => {
  it('has a version for each change of its terms, and none for the same again', async () => {
    const { commands } = await world();
    const publish = (terms: typeof monthly) => commands.publishPlan({ planId: PLAN, terms }, meta);
    expect(await publish(monthly)).toMatchObject({ ok: true, replayed: true, value: { version: 1 } });
    expect(await publish({ ...monthly, quota: 1n })).toMatchObject({ ok: true, value: { version: 2 } });
    for (const terms of [
      { ...monthly, quota: 0n },
      { ...monthly, prices: [{ currency: 'CNY', minor: 0n }] },
      { ...monthly, prices: [...monthly.prices, ...monthly.prices] },
    ])
      expect(await publish(terms)).toMatchObject({ ok: false, refusal: { code: 'plan_invalid' } });
  });

  it('is not ordered where it is another one by now, is not sold, is not there, or plans are off', async () => {
    const { commands, dependencies } = await world();
    const refused = async (of: Parameters<typeof orderPlan>[2]) =>
      (await orderPlan(commands, USER, of)).refused;
    expect(await refused({ version: 2 })).toBe('plan_changed');
    expect(await refused({ terms: { ...monthly, prices: [{ currency: 'CNY', minor: 1n }] } })).toBe(
      'plan_changed',
    );
    await commands.publishPlan({ planId: PLAN, terms: { ...monthly, is_offered: false } }, meta);
    expect(await refused({ version: 2 })).toBe('plan_not_offered');
    const off = createCommandWorld({ overrides: { store: dependencies.store, sellsPlans: false } });
    expect((await orderPlan(off.commands, USER, { version: 2 })).refused).toBe('plans_off');
    expect(await off.commands.publishPlan({ planId: 'x', terms: monthly }, meta)).toMatchObject({
      refusal: { code: 'plans_off' },
    });
  });
});

describe('a subscription', () => {
  it('starts when its order is paid, at that very instant, and once however often it is told', async () => {
    const of = await world();
    of.clock.now = new Date('2026-01-31T13:07:09.123Z');
    const orderId = await payPlan(of.commands, USER);
    await Promise.all([tellOfPlan(of.commands, orderId, 'paid'), of.commands.creditOrder({ orderId }, meta)]);
    expect(await types(of)).toEqual(['subscription-started.v1', 'grant-given.v1']);
    expect(await balance(of)).toBe(QUOTA);
    const [started, given] = await of.events('subscription-started', 'grant-given');
    expect(started?.data).toMatchObject({
      ...{ starts_at: '2026-01-31T13:07:09.123Z', ends_at: '2026-02-28T13:07:09.123Z', period: 1 },
      order_id: orderId,
    });
    expect(given?.data).toMatchObject({
      ...{ kind: 'plan', source: `sub:${subscriptionOf(USER)}:1`, ends_at: '2026-02-28T13:07:09.123Z' },
      priority: monthly.priority,
    });
  });

  it('is renewed from the end of what is paid for, and gives nothing before that', async () => {
    const of = await world();
    await payPlan(of.commands, USER);
    await payPlan(of.commands, USER);
    expect(await balance(of)).toBe(QUOTA);
    const [renewed] = await of.events('subscription-renewed');
    expect(renewed?.data).toMatchObject({
      ...{ period: 2, starts_at: '2026-12-21T09:00:00.000Z', ends_at: '2027-01-21T09:00:00.000Z' },
    });
    // One ahead is enough; what was ordered before and is paid now is given all the same.
    expect((await orderPlan(of.commands, USER)).refused).toBe('subscription_renewed');
    const subscriptionId = subscriptionOf(USER);
    await of.commands.settlePeriod({ subscriptionId, period: 2 }, meta);
    expect(await balance(of)).toBe(QUOTA);
    of.clock.now = new Date('2026-12-21T09:00:00.000Z');
    await Promise.all([1, 2, 3].map(() => of.commands.settlePeriod({ subscriptionId, period: 2 }, meta)));
    expect(await balance(of)).toBe(2n * QUOTA);
    expect(await of.commands.endSubscription({ subscriptionId }, meta)).toMatchObject({ replayed: true });
  });

  it('ends when nothing is left, and begins anew with a number of its own', async () => {
    const of = await world();
    await payPlan(of.commands, USER);
    const subscriptionId = subscriptionOf(USER);
    of.clock.now = new Date('2026-12-21T09:00:00.001Z');
    await of.commands.endSubscription({ subscriptionId }, meta);
    await of.commands.endSubscription({ subscriptionId }, meta);
    expect(await of.commands.cancelSubscription({ externalUserId: USER, planId: PLAN }, meta)).toMatchObject({
      refusal: { code: 'subscription_over' },
    });
    await payPlan(of.commands, USER);
    const started = await of.events('subscription-started', 'subscription-ended');
    expect(started.map(({ type }) => type)).toEqual([
      'subscription-started',
      'subscription-ended',
      'subscription-started',
    ]);
    expect(started[2]?.data).toMatchObject({ period: 2, starts_at: '2026-12-21T09:00:00.001Z' });
    expect(started[1]?.data).toMatchObject({ why: 'over' });
  });

  it('that is cancelled goes on to its end', async () => {
    const of = await world();
    const cancel = () => of.commands.cancelSubscription({ externalUserId: USER, planId: PLAN }, meta);
    expect(await cancel()).toMatchObject({ refusal: { code: 'subscription_not_found' } });
    await payPlan(of.commands, USER);
    await cancel();
    expect(await cancel()).toMatchObject({ ok: true, replayed: true });
    expect(await balance(of)).toBe(QUOTA);
  });

  it('is not started where it cannot be: somebody looks at the money', async () => {
    const of = await world();
    const { orderId = '' } = await orderPlan(of.commands, USER);
    await of.commands.eraseAccount({ externalUserId: USER, reason: 'asked for it' }, meta);
    expect(await tellOfPlan(of.commands, orderId, 'paid')).toMatchObject({
      isCredited: false,
      openFlags: ['uncreditable'],
    });
    expect(await types(of)).toEqual([]);
  });
});

describe('money of a plan that goes back', () => {
  it.each([
    ['refunded' as const, 9_900n],
    ['refunded' as const, 1n],
    ['disputed' as const, 9_900n],
  ])('%s: what is unused is taken, whatever amount it is (%p)', async (what, amount) => {
    const of = await world();
    const orderId = await payPlan(of.commands, USER);
    await tellOfPlan(of.commands, orderId, what, amount);
    await tellOfPlan(of.commands, orderId, what, amount);
    await settle(of, 1);
    expect(await balance(of)).toBe(QUOTA - 4_000_000n);
    const ended = await of.commands.endSubscription({ subscriptionId: subscriptionOf(USER) }, meta);
    expect(ended).toMatchObject({ ok: true, replayed: false });
    expect((await of.events('subscription-ended'))[0]?.data).toMatchObject({ why: 'returned' });
  });

  it('before it was credited gives nothing', async () => {
    const of = await world();
    const { orderId = '' } = await orderPlan(of.commands, USER);
    await tellOfPlan(of.commands, orderId, 'refunded');
    await tellOfPlan(of.commands, orderId, 'paid');
    await settle(of, 1);
    expect(await balance(of)).toBe(0n);
    expect(await types(of)).toEqual(['subscription-started.v1', 'subscription-period-withdrawn.v1']);
  });

  it('is said beside the service too, which takes what is left: nothing can be held there', async () => {
    const running = await world();
    const orderId = await payPlan(running.commands, USER);
    // Whoever was told of it died before anything followed.
    const beside = createCommands({ ...running.dependencies, ...withoutCache });
    const dying = createCommands({
      ...running.dependencies,
      reservations: { ...withoutCache.reservations, reserve: () => Promise.reject(new Error('died')) },
    });
    await expect(tellOfPlan(dying, orderId, 'refunded')).rejects.toThrow('died');
    for (let times = 0; times < 2; times++)
      expect(await beside.creditOrder({ orderId }, meta)).toMatchObject({ ok: true, replayed: true });
    expect(await balance(running)).toBe(QUOTA);
    await settle(running, 1);
    expect((await types(running)).at(-1)).toBe('grant-closed.v1');
  });

  it('and comes again, since the dispute is won: exactly what was taken is given, once', async () => {
    const of = await world();
    const orderId = await payPlan(of.commands, USER);
    await tellOfPlan(of.commands, orderId, 'disputed');
    await settle(of, 1);
    await tellOfPlan(of.commands, orderId, 'dispute-won');
    await tellOfPlan(of.commands, orderId, 'dispute-won');
    await settle(of, 1);
    expect(await balance(of)).toBe(QUOTA);
    expect((await of.events('grant-given')).map(({ data }) => 'source' in data && data.source)).toEqual([
      `sub:${subscriptionOf(USER)}:1`,
      `sub:${subscriptionOf(USER)}:1:1`,
    ]);
  });

  it('of a period ahead takes nothing, and gives nothing when it would begin', async () => {
    const of = await world();
    await payPlan(of.commands, USER);
    const ahead = await payPlan(of.commands, USER);
    await tellOfPlan(of.commands, ahead, 'refunded');
    of.clock.now = new Date('2026-12-21T09:00:00.000Z');
    await of.commands.settlePeriod({ subscriptionId: subscriptionOf(USER), period: 2 }, meta);
    expect((await of.events('grant-given')).length).toBe(1);
  });

  it('from here: the period is withdrawn first, and goes on where the provider says no', async () => {
    const of = await world();
    const orderId = await payPlan(of.commands, USER);
    const request = (amountMinor?: bigint) =>
      of.commands.requestRefund({ orderId, amountMinor, reason: 'asked for it' }, meta);
    const asked = await request(5_000n);
    if (!asked.ok) throw new Error(asked.refusal.code);
    const { refundId } = asked.value;
    expect(await of.commands.bookRefund({ refundId }, meta)).toMatchObject({
      value: { status: 'requested' },
    });
    await settle(of, 1);
    expect(await balance(of)).toBe(QUOTA - 4_000_000n);
    expect(await request(5_000n)).toMatchObject({ refusal: { code: 'refund_exceeds_payment' } });
    await of.commands.failRefund({ refundId, why: 'charge_expired' }, meta);
    await settle(of, 1);
    expect(await balance(of)).toBe(QUOTA);
    expect(await request()).toMatchObject({ ok: true, value: { amountMinor: 9_900n } });
  });

  it('from here, and its provider tells of it: it stays taken once', async () => {
    const of = await world();
    const orderId = await payPlan(of.commands, USER);
    const asked = await of.commands.requestRefund({ orderId, reason: 'asked for it' }, meta);
    if (!asked.ok) throw new Error(asked.refusal.code);
    const { refundId } = asked.value;
    await of.commands.bookRefund({ refundId }, meta);
    await of.commands.sendRefund({ refundId }, meta);
    await tellOfPlan(of.commands, orderId, 'refunded');
    await of.commands.succeedRefund({ refundId, providerRefund: 're_1' }, meta);
    await settle(of, 1);
    expect(await balance(of)).toBe(QUOTA - 4_000_000n);
    expect((await of.events('grant-withdrawn')).length).toBe(1);
  });
});
