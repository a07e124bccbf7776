import { describe, expect, it } from '@jest/globals';
import { accountIdOf } from '../../../src/commands/handling/identifiers.js';
import { CREDIT_CEILING } from '../../../src/domain/money/quota.js';
import { createCommandWorld } from '../../support/command-world.js';
import { paidOrder } from '../../support/paid-order.js';

const meta = { actor: 'service-key:1', requestId: 'request-1' };
const externalUserId = 'u-1';
const accountId = accountIdOf(externalUserId);
const credit = { externalUserId, amountUsd: '10', paymentId: 'pi_1' };

async function worldWithAccount() {
  const world = createCommandWorld();
  await world.commands.syncAccount({ externalUserId, username: 'alice' }, meta);
  await world.commands.syncAccount({ externalUserId: 'u-2', username: 'bob' }, meta);
  return world;
}

describe('creditPayment', () => {
  it.each([
    ['10', 5_000_000n],
    ['68.49', 34_245_000n],
    ['2.01', 1_005_000n],
    ['0.01', 5_000n],
  ])('credits %s dollars', async (amountUsd, quota) => {
    const world = await worldWithAccount();
    const result = await world.commands.creditPayment({ ...credit, amountUsd }, meta);
    expect(result).toMatchObject({ ok: true, value: { accountId, quota }, replayed: false });
    expect(await world.balanceOf(accountId)).toBe(quota);
  });

  it('answers the same payment again as the first time, however the amount is spelt', async () => {
    const world = await worldWithAccount();
    const first = await world.commands.creditPayment(credit, meta);
    await world.commands.refundPayment(
      { paymentId: 'pi_1', refundId: 're_1', amountUsd: '1', reason: '' },
      meta,
    );
    for (const amountUsd of ['10', '10.0', '10.00', '010']) {
      const again = await world.commands.creditPayment({ ...credit, amountUsd }, meta);
      expect(again).toEqual({ ...first, replayed: true });
    }
    expect(await world.balanceOf(accountId)).toBe(4_500_000n);
  });

  it('reads of the log only the account for a payment that is new, and its own stream where it is not', async () => {
    const asked: string[] = [];
    const world = createCommandWorld({
      wrap: (store) => {
        const readStream = store.readStream.bind(store);
        store.readStream = (stream, page) => {
          asked.push(stream.replace(/-.*/, ''));
          return readStream(stream, page);
        };
        return store;
      },
    });
    await world.commands.syncAccount({ externalUserId, username: 'alice' }, meta);
    for (const reads of [['account'], ['account', 'account', 'payment']]) {
      asked.length = 0;
      expect(await world.commands.creditPayment(credit, meta)).toMatchObject({ ok: true });
      expect(asked).toEqual(reads);
    }
  });

  it('credits once of a hundred at once', async () => {
    const world = await worldWithAccount();
    const results = await Promise.all(
      Array.from({ length: 100 }, () => world.commands.creditPayment(credit, meta)),
    );
    expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(1);
    expect(results.filter((result) => result.ok && result.replayed)).toHaveLength(99);
    expect(await world.balanceOf(accountId)).toBe(5_000_000n);
  });

  it.each([
    [{ externalUserId: 'u-2' }, { code: 'payment_conflict', field: 'external_user_id' }],
    [{ amountUsd: '10.01' }, { code: 'payment_conflict', field: 'amount_usd' }],
    [{ externalUserId: 'nobody' }, { code: 'account_not_found' }],
  ])('refuses the id again with %j', async (other, refusal) => {
    const world = await worldWithAccount();
    await world.commands.creditPayment(credit, meta);
    expect(await world.commands.creditPayment({ ...credit, ...other }, meta)).toEqual({ ok: false, refusal });
  });

  it.each(['0', '-1', '0.0000001', 'ten', '1e3', ''])('refuses %j dollars', async (amountUsd) => {
    const world = await worldWithAccount();
    expect(await world.commands.creditPayment({ ...credit, amountUsd }, meta)).toEqual({
      ok: false,
      refusal: { code: 'amount_invalid', field: 'amount_usd' },
    });
  });

  it('stops at the ceiling', async () => {
    const world = await worldWithAccount();
    const quota = CREDIT_CEILING - 5_000_000n;
    await world.commands.adjustBalance({ externalUserId, adjustmentId: 'a', quota, reason: 'test' }, meta);
    expect(await world.commands.creditPayment({ ...credit, amountUsd: '10.000002' }, meta)).toEqual({
      ok: false,
      refusal: { code: 'balance_ceiling', max: CREDIT_CEILING },
    });
    expect(await world.commands.creditPayment(credit, meta)).toMatchObject({ ok: true });
  });

  it('refuses a new payment of an erased user, and repeats the answer to an old one', async () => {
    const world = await worldWithAccount();
    await world.commands.creditPayment(credit, meta);
    await world.commands.eraseAccount({ externalUserId, reason: 'asked' }, meta);
    expect(await world.commands.creditPayment(credit, meta)).toMatchObject({ ok: true, replayed: true });
    expect(await world.commands.creditPayment({ ...credit, paymentId: 'pi_2' }, meta)).toMatchObject({
      refusal: { code: 'account_erased' },
    });
  });
});

describe('refundPayment', () => {
  const refund = (refundId: string, amountUsd?: string, paymentId = 'pi_1') => ({
    paymentId,
    refundId,
    amountUsd,
    reason: 'asked for',
  });
  const worldWithMoney = async () => {
    const world = await worldWithAccount();
    await world.commands.creditPayment(credit, meta);
    return world;
  };

  it('holds what it takes, takes it once, and says what remains', async () => {
    const world = await worldWithMoney();
    const first = await world.commands.refundPayment(refund('re_1', '4.00'), meta);
    expect(first).toMatchObject({
      ok: true,
      value: { accountId, quota: 2_000_000n, amountUsd: '4', remainingUsd: '6' },
      replayed: false,
    });
    const [event] = await world.events('payment-refunded');
    const holdId = (event?.data as { hold_id: string }).hold_id;
    expect(world.holds.get(holdId)).toMatchObject({
      quota: 2_000_000n,
      settledAt: first.ok ? first.position : 0n,
    });
    await world.commands.refundPayment(refund('re_2'), meta);
    expect(await world.commands.refundPayment(refund('re_1', '4'), meta)).toEqual({
      ...first,
      replayed: true,
    });
    expect(await world.balanceOf(accountId)).toBe(0n);
  });

  it('answers a repeated one as the first, also where its provider gave money back in between', async () => {
    const world = createCommandWorld();
    const order = await paidOrder(world, externalUserId);
    const ask = (refundId: string) =>
      world.commands.refundPayment({ ...refund(refundId, '1'), paymentId: order.orderId }, meta);
    const first = await ask('re_1');
    await order.tell('refunded', 20_000n);
    const second = await ask('re_2');
    await order.tell('refunded', 30_000n);
    expect([await ask('re_1'), await ask('re_2')]).toEqual(
      [first, second].map((each) => ({ ...each, replayed: true })),
    );
  });

  it('refuses more than the payment, and says what remains', async () => {
    const world = await worldWithMoney();
    await world.commands.refundPayment(refund('re_1', '4'), meta);
    const refusal = { code: 'refund_exceeds_payment', remainingUsd: '6' };
    expect(await world.commands.refundPayment(refund('re_2', '6.01'), meta)).toEqual({ ok: false, refusal });
    await world.commands.refundPayment(refund('re_3'), meta);
    expect(await world.commands.refundPayment(refund('re_4'), meta)).toMatchObject({
      refusal: { code: 'refund_exceeds_payment', remainingUsd: '0' },
    });
  });

  it('refuses what has been spent, and holds nothing then', async () => {
    const world = await worldWithMoney();
    await world.commands.adjustBalance(
      { externalUserId, adjustmentId: 'a', quota: -1n, reason: 'spent' },
      meta,
    );
    const holds = world.holds.size;
    expect(await world.commands.refundPayment(refund('re_1'), meta)).toEqual({
      ok: false,
      refusal: { code: 'refund_exceeds_balance', needed: 5_000_000n, available: 4_999_999n },
    });
    expect(world.holds.size).toBe(holds);
  });

  it('refuses the same refund id with another amount, and an unknown payment', async () => {
    const world = await worldWithMoney();
    await world.commands.refundPayment(refund('re_1', '4'), meta);
    expect(await world.commands.refundPayment(refund('re_1', '5'), meta)).toMatchObject({
      refusal: { code: 'refund_conflict', field: 'amount_usd' },
    });
    expect(await world.commands.refundPayment(refund('re_1', '4', 'pi_9'), meta)).toEqual({
      ok: false,
      refusal: { code: 'payment_not_found' },
    });
  });

  it('never gives back more than was paid when many ask at once', async () => {
    const world = await worldWithMoney();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        world.commands.refundPayment(refund(`re_${index}`, '3'), meta),
      ),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    // Those who came too late hear what is left of the payment, not that the winners hold the balance at that moment.
    for (const result of results.filter(({ ok }) => !ok))
      expect(result).toMatchObject({ refusal: { code: 'refund_exceeds_payment', remainingUsd: '1' } });
    expect(await world.balanceOf(accountId)).toBe(500_000n);
    expect([...world.holds.values()].every(({ settledAt }) => settledAt !== undefined)).toBe(true);
  });

  it('of what is left of a payment is not short because of what it held before it was overtaken', async () => {
    const world = await worldWithMoney();
    await world.commands.adjustBalance(
      { externalUserId, adjustmentId: 'more', quota: 2_000_000n, reason: 'gift' },
      meta,
    );
    const [part, rest] = await Promise.all([
      world.commands.refundPayment(refund('re_part', '4'), meta),
      world.commands.refundPayment({ paymentId: 'pi_1', refundId: 're_rest', reason: 'all' }, meta),
    ]);
    expect(part).toMatchObject({ ok: true, value: { quota: 2_000_000n } });
    expect(rest).toMatchObject({ ok: true, value: { quota: 3_000_000n } });
    expect([...world.holds.values()].every(({ settledAt }) => settledAt !== undefined)).toBe(true);
  });

  describe('requests that differ and ask for the same at once', () => {
    /** The hold of the one that was recorded: dropped by a loser it would leave the quota free until the projection. */
    const holdOfWinner = async (world: Awaited<ReturnType<typeof worldWithMoney>>) => {
      const [event] = await world.events('payment-refunded', 'balance-adjusted');
      return world.holds.get((event?.data as { hold_id: string }).hold_id);
    };

    it('of a refund that comes to the same quota leave the hold of the one that was recorded alone', async () => {
      const world = await worldWithMoney();
      const amounts = ['4.000001', '4.000002'];
      const results = await Promise.all(
        amounts.map((amount) => world.commands.refundPayment(refund('re_1', amount), meta)),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await holdOfWinner(world)).toMatchObject({ settledAt: expect.any(BigInt) as unknown });
    });

    it('of a correction for another reason leave the hold of the one that was recorded alone', async () => {
      const world = await worldWithMoney();
      const results = await Promise.all(
        ['one', 'two'].map((reason) =>
          world.commands.adjustBalance({ externalUserId, adjustmentId: 'a', quota: -7n, reason }, meta),
        ),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await holdOfWinner(world)).toMatchObject({ settledAt: expect.any(BigInt) as unknown });
    });
  });
});

describe('reverseRefund', () => {
  const reversal = { paymentId: 'pi_1', refundId: 'dp_1', why: 'dispute_won' } as const;
  async function disputed() {
    const world = await worldWithAccount();
    await world.commands.creditPayment(credit, meta);
    const booked = { paymentId: 'pi_1', refundId: 'dp_1', amountUsd: '4', reason: 'disputed' };
    await world.commands.refundPayment(booked, meta);
    return { world, booked };
  }

  it('credits exactly what was taken, once of twenty at once, and its id refunds nothing any more', async () => {
    const { world, booked } = await disputed();
    expect(await world.balanceOf(accountId)).toBe(3_000_000n);
    const results = await Promise.all(
      Array.from({ length: 20 }, () => world.commands.reverseRefund(reversal, meta)),
    );
    expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(1);
    for (const result of results) expect(result).toMatchObject({ ok: true, value: { quota: 2_000_000n } });
    expect(await world.balanceOf(accountId)).toBe(5_000_000n);
    expect(await world.commands.refundPayment(booked, meta)).toEqual({
      ok: false,
      refusal: { code: 'refund_over' },
    });
    const all = { paymentId: 'pi_1', refundId: 're_all', reason: '' };
    expect(await world.commands.refundPayment(all, meta)).toMatchObject({ value: { amountUsd: '10' } });
  });

  it.each([
    [{ paymentId: 'pi_9' }, 'payment_not_found'],
    [{ refundId: 'dp_9' }, 'refund_not_found'],
  ])('refuses %j and changes nothing', async (other, code) => {
    const { world } = await disputed();
    const before = (await world.log()).length;
    expect(await world.commands.reverseRefund({ ...reversal, ...other }, meta)).toEqual({
      ok: false,
      refusal: { code },
    });
    expect(await world.log()).toHaveLength(before);
  });

  it('is for nobody to say of an order: its provider does', async () => {
    const world = await worldWithAccount();
    const { orderId: paymentId } = await paidOrder(world, externalUserId);
    const before = (await world.log()).length;
    expect(await world.commands.reverseRefund({ ...reversal, paymentId }, meta)).toEqual({
      ok: false,
      refusal: { code: 'refund_of_order' },
    });
    expect(await world.log()).toHaveLength(before);
  });
});

describe('adjustBalance', () => {
  const adjustment = { externalUserId, adjustmentId: 'a1', quota: 100n, reason: 'gift' };

  it('happens once, and the same id with anything else is a conflict', async () => {
    const world = await worldWithAccount();
    await world.commands.adjustBalance(adjustment, meta);
    expect(await world.commands.adjustBalance(adjustment, meta)).toMatchObject({ ok: true, replayed: true });
    for (const [field, value] of [
      ['external_user_id', { externalUserId: 'u-2' }],
      ['quota', { quota: 99n }],
      ['quota', { quota: -100n }],
      ['reason', { reason: 'other' }],
    ] as const)
      expect(await world.commands.adjustBalance({ ...adjustment, ...value }, meta)).toEqual({
        ok: false,
        refusal: { code: 'adjustment_conflict', field },
      });
    expect(await world.balanceOf(accountId)).toBe(100n);
    expect(world.holds.size).toBe(0);
  });

  it('takes no more than there is', async () => {
    const world = await worldWithAccount();
    await world.commands.adjustBalance(adjustment, meta);
    const down = { ...adjustment, adjustmentId: 'a2', quota: -101n };
    expect(await world.commands.adjustBalance(down, meta)).toEqual({
      ok: false,
      refusal: { code: 'adjustment_exceeds_balance', needed: 101n, available: 100n },
    });
    expect(await world.commands.adjustBalance({ ...down, quota: -100n }, meta)).toMatchObject({ ok: true });
    expect(
      await world.commands.adjustBalance({ ...down, adjustmentId: 'a3', quota: 0n }, meta),
    ).toMatchObject({
      refusal: { code: 'amount_invalid' },
    });
  });
});
