import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quotaOfMinor } from '../../src/domain/order/price.js';
import { readClearing } from '../../src/projections/cash/query.js';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import { driftOf } from '../../src/books/verify/check.js';
import type { DomainEvent } from '../../src/domain/events/catalogue.js';
import { ACCOUNT_ID, anEvent, SUBSCRIPTION_ID } from '../support/events.js';
import { createLedger, type Ledger } from './projector-setup.js';

const PAID = 9_999n;
const RATE = '7.10';
const orderIdOf = (index: number) => `CF${String(index).padStart(26, '0')}`;
const refundIdOf = (index: number) => `RF${String(index).padStart(26, '0')}`;
const quotaOf = (minor: bigint) => quotaOfMinor(minor, 'CNY', RATE);

interface Told {
  readonly provider: string;
  /** Of each kind of fact whether it happens, and in which order they are stored. */
  readonly happens: readonly boolean[];
  readonly order: readonly number[];
}

/** Facts about the money of one order, in any order that its streams allow. */
function factsOf({ provider, happens, order }: Told, index: number): readonly DomainEvent[] {
  const of = { order_id: orderIdOf(index), account_id: ACCOUNT_ID, provider_payment: `pi_${index}` };
  const refund = { ...of, refund_id: refundIdOf(index), currency: 'CNY' };
  const disputed = { ...of, dispute_id: `dp_${index}`, amount_minor: 2_000n };
  const others = { ...of, provider_payment: `another payment of ${index}` };
  const groups: readonly (readonly DomainEvent[])[] = [
    [anEvent('order-paid', { ...of, amount_minor: PAID, currency: 'CNY' })],
    [anEvent('order-returned', { ...of, returned_minor: 1_000n })],
    [anEvent('order-returned', { ...others, returned_minor: 5_000n })],
    [
      anEvent('refund-requested', { ...refund, provider_id: provider, amount_minor: 333n }),
      anEvent('refund-succeeded', refund),
    ],
    [anEvent('order-disputed', disputed)],
    [anEvent('order-disputed', { ...disputed, dispute_id: `won of ${index}` })],
    [anEvent('order-dispute-closed', { ...disputed, dispute_id: `won of ${index}`, outcome: 'won' })],
    [anEvent('order-return-failed', { ...of, refund_id: `re_${index}`, amount_minor: 400n })],
  ];
  return order.flatMap((place) => (happens[place] ? (groups[place] ?? []) : []));
}

const told = fc.record({
  provider: fc.constantFrom('stripe', 'epay'),
  // An order that was not paid is none that anything is known of; a won dispute was opened, and is closed behind that.
  happens: fc.tuple(fc.constant(true), ...Array.from({ length: 7 }, () => fc.boolean())),
  order: fc
    .shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 })
    .map((places) => (places.indexOf(6) < places.indexOf(5) ? places.toReversed() : places)),
});

/** What a provider must have of an order in the end, from what happened alone. */
function left({ happens }: Told): { readonly returned: bigint; readonly disputed: bigint } {
  const [, toldReturn, , sent, disputed, won, closed, failed] = happens;
  const backOf = (toldReturn ? 1_000n : 0n) - (failed ? 400n : 0n);
  const here = sent ? 333n : 0n;
  const returned = backOf > here ? backOf : here;
  return { returned, disputed: (disputed ? 2_000n : 0n) + (won && !closed ? 2_000n : 0n) };
}

describe('money as providers have it', () => {
  let ledger: Ledger;
  const orders = fc.sample(told, { numRuns: 60, seed: 16 });
  const movements = [
    anEvent('cash-booked', cashOf('fee', 'txn_1', 290n)),
    anEvent('cash-booked', cashOf('fee-returned', 'txn_2', 90n)),
    anEvent('cash-booked', cashOf('payout', 'po_1', 300_000n)),
    anEvent('cash-booked', cashOf('payout-returned', 'po_1', 1_000n)),
  ];

  function cashOf(
    kind: 'fee' | 'fee-returned' | 'payout' | 'payout-returned',
    reference: string,
    minor: bigint,
  ) {
    const cash_id = `99999999-9999-5999-8999-${String(minor).padStart(12, '0')}`;
    const of = { provider_id: 'stripe', kind, reference, currency: 'CNY' };
    return { ...of, cash_id, amount_minor: minor, quota: quotaOf(minor) };
  }

  beforeAll(async () => {
    ledger = await createLedger();
    await ledger.start();
    await ledger.given(
      anEvent('account-registered'),
      ...orders.map(({ provider }, index) =>
        anEvent('order-placed', {
          ...{ order_id: orderIdOf(index), provider_id: provider, rate: RATE, currency: 'CNY' },
          ...{ purpose: index % 3 === 0 ? 'topup' : 'plan', pay_minor: PAID },
        }),
      ),
      ...orders.flatMap(factsOf),
      ...movements,
    );
  }, 120_000);
  afterAll(() => ledger.close());

  it('comes to the same in whatever order it was told: orders less refunds, disputes, fees and payouts', async () => {
    for (const provider of ['stripe', 'epay']) {
      const own = orders.filter((order) => order.provider === provider);
      const sumOf = (part: 'returned' | 'disputed') =>
        own.reduce((sum, order) => sum + left(order)[part], 0n);
      const [fees, payouts] = provider === 'stripe' ? [200n, 299_000n] : [0n, 0n];
      const taken = PAID * BigInt(own.length);
      const balance = taken - sumOf('returned') - sumOf('disputed') - fees - payouts;
      const found = (await readClearing(ledger.database.pool)).find((each) => each.provider_id === provider);
      const minor = (text: string | undefined) => BigInt((text ?? '').replace('.', ''));
      expect({
        orders: minor(found?.orders),
        refunds: minor(found?.refunds),
        disputes: minor(found?.disputes),
        fees: minor(found?.fees),
        payouts: minor(found?.payouts),
        balance: minor(found?.balance),
      }).toEqual({
        orders: taken,
        refunds: sumOf('returned'),
        disputes: sumOf('disputed'),
        fees,
        payouts,
        balance,
      });
    }
  });

  it('is in the journal, of plans and of what is no customer’s: each entry sums to nothing', async () => {
    const uneven = await ledger.rows(
      'SELECT position FROM p_cash.cash_postings GROUP BY position HAVING sum(amount) <> 0 OR count(*) < 2',
    );
    expect(uneven).toEqual([]);
    const rows = await ledger.rows(
      'SELECT account, sum(amount)::text AS amount FROM p_cash.cash_postings GROUP BY account',
    );
    const found = Object.fromEntries(rows.map(({ account, amount }) => [account, BigInt(String(amount))]));
    const plans = orders.filter((_, index) => index % 3 !== 0).map(left);
    const payments = plans.reduce((sum, { returned }) => sum + quotaOf(PAID) - quotaOf(returned), 0n);
    const disputes = plans.reduce(
      (sum, { returned, disputed }) => sum + quotaOf(returned) - quotaOf(returned + disputed),
      0n,
    );
    const fees = quotaOf(290n) - quotaOf(90n);
    const bank = quotaOf(300_000n) - quotaOf(1_000n);
    expect(found).toEqual({
      'asset:payments': payments - fees - bank,
      'asset:disputes': disputes,
      'liability:deferred': -(payments + disputes),
      'expense:fees': fees,
      'asset:bank': bank,
    });
  });

  it('owes what was paid for a period until it gives it: what it gives more is a discount, and less is earned', async () => {
    const position = await ledger.given(
      ...[10_000_000n, 1_000n].map((quota, index) =>
        anEvent(index === 0 ? 'subscription-started' : 'subscription-renewed', {
          ...{ order_id: orderIdOf(index + 1), subscription_id: SUBSCRIPTION_ID, period: index + 1, quota },
        }),
      ),
    );
    const rows = await ledger.rows(
      `SELECT account, amount FROM p_cash.cash_postings WHERE position > ${position - 2n} ORDER BY position, leg`,
    );
    const price = quotaOf(PAID);
    expect(rows).toEqual([
      { account: 'expense:promotions', amount: 10_000_000n - price },
      { account: 'liability:deferred', amount: price - 10_000_000n },
      { account: 'revenue:plans', amount: 1_000n - price },
      { account: 'liability:deferred', amount: price - 1_000n },
    ]);
  });

  it('is folded by verify on its own', async () => {
    expect(driftOf(await verifyBooks({ store: ledger.store, pool: ledger.database.pool }))).toBe(0);
  });
});
