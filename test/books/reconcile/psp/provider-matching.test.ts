import { describe, expect, it } from '@jest/globals';
import { decimal } from '../../../../src/domain/money/decimal.js';
import type { LedgerMovement } from '../../../../src/books/reconcile/psp/ledger-movements.js';
import { match } from '../../../../src/books/reconcile/psp/match.js';
import { priceRows } from '../../../../src/books/reconcile/psp/price-rows.js';
import type { ProviderRow } from '../../../../src/books/reconcile/psp/read-provider-file.js';
import { reportOf } from '../../../../src/books/reconcile/psp/report.js';

const day = (text: string) => new Date(`2026-${text}Z`);
const november = { from: day('11-01T00:00:00'), to: day('12-01T00:00:00') };

const there = (overrides: Partial<ProviderRow> = {}): ProviderRow => ({
  line: 2,
  kind: 'payment',
  paymentIds: ['pi_1', 'ch_1'],
  refundIds: [],
  amount: decimal('10'),
  currency: 'USD',
  at: day('11-10T10:00:00'),
  ...overrides,
});
const here = (overrides: Partial<LedgerMovement> = {}): LedgerMovement => ({
  kind: 'payment',
  paymentId: 'pi_1',
  refundId: null,
  amountUsd: decimal('10'),
  at: day('11-10T10:00:05'),
  externalUserId: 'user-1',
  ...overrides,
});
const refundThere = (overrides: Partial<ProviderRow> = {}) =>
  there({ kind: 'refund', refundIds: ['re_1'], amount: decimal('4'), line: 3, ...overrides });
const refundHere = (overrides: Partial<LedgerMovement> = {}) =>
  here({ kind: 'refund', refundId: 're_1', amountUsd: decimal('4'), ...overrides });

async function found(
  rows: readonly ProviderRow[],
  movements: readonly LedgerMovement[],
  { rate, tolerance = '0' }: { rate?: string; tolerance?: string } = {},
): Promise<readonly string[]> {
  const rates = new Map(rate === undefined ? [] : [['CNY', decimal(rate)]]);
  const options = { ...november, tolerance: decimal(tolerance) };
  const priced = await priceRows('file.csv', rows, rates, movements);
  const { rows: reported } = await reportOf(await match(priced, movements, options), {});
  return reported.map((row) => [row.class, row.kind, row.payment_id, row.difference_usd].join(' '));
}

describe('a provider file beside the ledger', () => {
  it.each<[string, readonly ProviderRow[], readonly LedgerMovement[], readonly string[]]>([
    ['the same on both sides', [there()], [here()], ['matched payment pi_1 0']],
    [
      'booked under the second of its ids',
      [there()],
      [here({ paymentId: 'ch_1' })],
      ['matched payment ch_1 0'],
    ],
    ['another amount', [there({ amount: decimal('10.5') })], [here()], ['amount-differs payment pi_1 0.5']],
    ['not here', [there()], [], ['missing-here payment pi_1 10']],
    [
      'a refund without a date of a payment of before, not here',
      [refundThere({ at: day('09-10T10:00:00'), isUndated: true })],
      [],
      ['missing-here refund pi_1 4'],
    ],
    [
      'a refund without a date that is booked in the period',
      [refundThere({ at: day('09-10T10:00:00'), isUndated: true })],
      [refundHere()],
      ['matched refund pi_1 0'],
    ],
    [
      'a refund without a date that was booked in another',
      [refundThere({ at: day('09-10T10:00:00'), isUndated: true })],
      [refundHere({ at: day('09-11T10:00:00') })],
      [],
    ],
    [
      'a refund without a date of a payment to come',
      [refundThere({ at: day('12-10T10:00:00'), isUndated: true })],
      [],
      [],
    ],
    ['not there', [], [here()], ['missing-there payment pi_1 -10']],
    [
      'twice there',
      [there(), there({ line: 9 })],
      [here()],
      ['duplicate payment pi_1 10', 'matched payment pi_1 0'],
    ],
    [
      'twice there, never here',
      [there(), there({ line: 9 })],
      [],
      ['missing-here payment pi_1 10', 'duplicate payment pi_1 10'],
    ],
    [
      'credited here under both ids',
      [there()],
      [here(), here({ paymentId: 'ch_1' })],
      ['duplicate payment ch_1 -10', 'matched payment pi_1 0'],
    ],
    [
      'booked the day after',
      [there({ at: day('11-30T23:59:59') })],
      [here({ at: day('12-01T00:00:03') })],
      ['timing payment pi_1 0'],
    ],
    [
      'there before the period',
      [there({ at: day('10-31T23:59:59') })],
      [here({ at: day('11-01T00:00:03') })],
      ['timing payment pi_1 0'],
    ],
    [
      'both outside of the period',
      [there({ at: day('10-01T00:00:00') })],
      [here({ at: day('10-01T00:00:00') })],
      [],
    ],
    ['not here, and outside of the period', [there({ at: day('12-02T00:00:00') })], [], []],
    ['a refund by its id', [refundThere()], [refundHere()], ['matched refund pi_1 0']],
    [
      'a refund by payment and amount',
      [refundThere()],
      [refundHere({ refundId: 'ours-7' })],
      ['matched refund pi_1 0'],
    ],
    [
      'a refund of another amount and id',
      [refundThere()],
      [refundHere({ refundId: 'ours-7', amountUsd: decimal('3') })],
      ['missing-here refund pi_1 4', 'missing-there refund pi_1 -3'],
    ],
    [
      'the same refund id of another payment',
      [refundThere()],
      [refundHere({ paymentId: 'pi_2' })],
      ['missing-here refund pi_1 4', 'missing-there refund pi_2 -4'],
    ],
    [
      'two equal refunds, one with another id',
      [refundThere(), refundThere({ line: 4, refundIds: ['re_2'] })],
      [refundHere({ refundId: 'ours-7' }), refundHere({ refundId: 're_2' })],
      ['matched refund pi_1 0', 'matched refund pi_1 0'],
    ],
    [
      'a refund twice there',
      [refundThere(), refundThere({ line: 4 })],
      [refundHere()],
      ['duplicate refund pi_1 4', 'matched refund pi_1 0'],
    ],
    [
      'a sum of refunds',
      [refundThere({ refundIds: [], amount: decimal('7') })],
      [refundHere(), refundHere({ refundId: 're_2', amountUsd: decimal('3') })],
      ['matched refund pi_1 0'],
    ],
    [
      'a sum of refunds that differs',
      [refundThere({ refundIds: [], amount: decimal('7') })],
      [refundHere()],
      ['amount-differs refund pi_1 3'],
    ],
    [
      'a dispute that came back',
      [there({ kind: 'reversal', refundIds: ['du_1'] })],
      [],
      ['missing-here reversal pi_1 10'],
    ],
    [
      'a dispute of a payment of a front end, which booked it as a refund, came back, and was booked so',
      [refundThere({ refundIds: ['du_1'] }), refundThere({ kind: 'reversal', refundIds: ['du_1'] })],
      [refundHere({ refundId: 'du_1' }), refundHere({ kind: 'reversal', refundId: 'reversed:du_1' })],
      ['matched refund pi_1 0', 'matched reversal pi_1 0'],
    ],
    [
      'a dispute that came back, and was booked',
      [there({ kind: 'reversal', refundIds: ['du_1'] })],
      [here({ kind: 'reversal', refundId: 'dispute:2' })],
      ['matched reversal pi_1 0'],
    ],
    [
      'a dispute that came back here alone',
      [],
      [here({ kind: 'reversal', refundId: 'dispute:2' })],
      ['missing-there reversal pi_1 -10'],
    ],
    [
      'what the provider calls by a name that is not known, though the ledger has something like it',
      [there(), refundThere({ kind: 'unknown' })],
      [here(), refundHere()],
      ['not-known unknown pi_1 4', 'missing-there refund pi_1 -4', 'matched payment pi_1 0'],
    ],
    [
      'a refund whose payment the file does not name',
      [refundThere({ paymentIds: [] })],
      [refundHere({ paymentId: 'order-9' })],
      ['matched refund order-9 0'],
    ],
    [
      'a refund in processing, booked here',
      [refundThere({ isPending: true, note: 'in processing' })],
      [refundHere()],
      ['pending refund pi_1 0'],
    ],
    [
      'a refund in processing, not booked here',
      [refundThere({ isPending: true })],
      [],
      ['pending refund pi_1 4'],
    ],
    [
      'a refund in processing of another amount',
      [refundThere({ isPending: true })],
      [refundHere({ amountUsd: decimal('3') })],
      ['amount-differs refund pi_1 1'],
    ],
  ])('%s', async (_name, rows, movements, expected) => {
    expect(await found(rows, movements)).toEqual(expected);
  });

  it('converts another currency to the cent, and refuses one without a rate', async () => {
    const rows = [there({ amount: decimal('72'), currency: 'CNY' })];
    expect(await found(rows, [here()], { rate: '0.1389' })).toEqual(['matched payment pi_1 0']);
    expect(await found(rows, [here({ amountUsd: decimal('10.01') })], { rate: '0.1389' })).toEqual([
      'amount-differs payment pi_1 -0.01',
    ]);
    expect(
      await found(rows, [here({ amountUsd: decimal('10.01') })], { rate: '0.1389', tolerance: '0.01' }),
    ).toEqual(['matched payment pi_1 -0.01']);
    await expect(found(rows, [])).rejects.toThrow(/line 2: the amount is in CNY: give --rate CNY=/);
  });

  it('a tolerance is for converted amounts only', async () => {
    expect(await found([there({ amount: decimal('10.01') })], [here()], { tolerance: '1' })).toEqual([
      'amount-differs payment pi_1 0.01',
    ]);
  });
});
