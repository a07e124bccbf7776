import { describe, expect, it } from '@jest/globals';
import type { ProviderEntry } from '../cluster/provider.js';
import { Observations } from '../run/observations.js';
import { purchaseInvariants } from './purchases.js';
import type { RawEvent } from './raw-log.js';
import { type Evidence, judge } from './verdict.js';

const ORDER = 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWY';
const ACCOUNT = 'account-a';

type Told = readonly [type: string, data: Record<string, unknown>];

const logOf = (told: readonly Told[]): readonly RawEvent[] =>
  told.map(([type, data], index) => ({
    ...{ position: BigInt(index), stream: 's', revision: 0n, id: String(index), type },
    ...{ data: { account_id: ACCOUNT, ...data }, recordedAtMs: index * 1_000 },
  }));

const placed: Told = ['order-placed', { order_id: ORDER, pay_minor: '100', credit_usd: '0.002' }];
const credited = (id = ORDER, more: object = {}): Told => [
  'payment-credited',
  { payment_id: id, amount_usd: '0.002', quota: '1000', ...more },
];
const takenBack = (kind: string, taken: number): Told => [
  'payment-taken-back',
  { payment_id: ORDER, kind, quota: String(taken) },
];
const refunded: readonly Told[] = [
  ['refund-requested', { refund_id: 'RF1', order_id: ORDER }],
  ['payment-refunded', { payment_id: ORDER, refund_id: 'RF1', quota: '300' }],
  ['refund-succeeded', { refund_id: 'RF1', order_id: ORDER }],
];
const given = (id: string, more: object = {}): Told => [
  'grant-given',
  { grant_id: id, quota: '100', kind: 'promo', source: `operator:${id}`, ...more },
];
const ending = { ends_at: new Date(1_000).toISOString() };
const closed: Told = ['grant-closed', { grant_id: 'g', why: 'ended' }];
const expired = (taken = '40'): Told => ['grant-expired', { grant_id: 'g', quota: taken }];

const paid = (more: Partial<ProviderEntry> = {}): ProviderEntry => ({
  ...{
    orderId: ORDER,
    payment: 'pi_1',
    paidMinor: 100n,
    returnedMinor: 0n,
    disputes: [],
    refunds: new Map(),
  },
  ...more,
});
const back = paid({ returnedMinor: 30n, refunds: new Map([['RF1', 1]]) });
const disputed = (status: string) => paid({ disputes: [{ status, amountMinor: 100n }] });

async function failuresOf(told: readonly Told[], provider: readonly ProviderEntry[]): Promise<string> {
  const seen = { observations: new Observations(), codes: ['ONE', 'TWO'] };
  const evidence = { ...seen, events: logOf(told), provider } as unknown as Evidence;
  return (await judge(purchaseInvariants, evidence)).flatMap(({ failures }) => failures).join('\n');
}

describe('what was bought is in order', () => {
  it.each<readonly [string, readonly Told[], readonly ProviderEntry[]]>([
    ['an order that nobody paid', [placed], [paid({ payment: undefined })]],
    ['one that was paid and credited', [placed, credited()], [paid()]],
    [
      'another amount, which is flagged',
      [placed, ['order-flagged', { provider_payment: 'pi_1' }]],
      [paid({ paidMinor: 99n })],
    ],
    [
      'a payment for an order of a lost log',
      [['stray-payment-flagged', { provider_payment: 'pi_1' }]],
      [paid()],
    ],
    ['a refund from here', [placed, credited(), ...refunded], [back]],
    ['a refund there', [placed, credited(), takenBack('refund', 300)], [paid({ returnedMinor: 30n })]],
    ['a dispute that was lost', [placed, credited(), takenBack('dispute', 1000)], [disputed('lost')]],
    [
      'one that was won',
      [
        placed,
        credited(),
        takenBack('dispute', 1000),
        ['account-suspended', {}],
        takenBack('dispute', -1000),
        ['account-reinstated', {}],
      ],
      [disputed('won')],
    ],
    ['a grant that ended', [given('g', ending), closed, expired()], []],
    [
      'two codes',
      [given('1', { kind: 'code', source: 'code:1' }), given('2', { kind: 'code', source: 'code:2' })],
      [],
    ],
  ])('%s', async (_, told, provider) => {
    expect(await failuresOf(told, provider)).toBe('');
  });
});

describe('one thing that is wrong is seen', () => {
  it.each<readonly [string, readonly Told[], readonly ProviderEntry[], string]>([
    ['credited twice', [placed, credited(), credited(`${ORDER}-1`)], [paid()], 'is credited 2 times'],
    ['credited unpaid', [placed, credited()], [paid({ payment: undefined })], 'its provider was paid 0'],
    ['credited for less', [placed, credited()], [paid({ paidMinor: 99n })], 'its provider was paid 99'],
    ['credited to another', [placed, credited(ORDER, { account_id: 'b' })], [paid()], 'to somebody else'],
    ['credited more', [placed, credited(ORDER, { amount_usd: '0.003' })], [paid()], '0.003 instead of 0.002'],
    ['credited out of nothing', [credited()], [paid()], 'was never placed'],
    ['paid, and nothing came', [placed], [paid()], 'neither credited nor flagged'],
    ['went back, and is not taken', [placed, credited()], [paid({ returnedMinor: 30n })], 'and 300 is gone'],
    ['taken twice', [placed, credited(), ...refunded, takenBack('refund', 300)], [back], '600 was taken'],
    ['taken for nothing', [placed, credited(), takenBack('dispute', 1000)], [paid()], 'and 0 is gone'],
    [
      'gone, and not sent',
      [placed, credited(), ...refunded],
      [paid({ returnedMinor: 30n })],
      'went back 0 times',
    ],
    [
      'sent twice',
      [placed, credited(), ...refunded],
      [{ ...back, refunds: new Map([['RF1', 2]]) }],
      'went back 2 times',
    ],
    ['without an end', [placed, credited(), ...refunded.slice(0, 2)], [back], 'refund RF1 has no end'],
    [
      'won, and still suspended',
      [
        placed,
        credited(),
        takenBack('dispute', 1000),
        ['account-suspended', {}],
        takenBack('dispute', -1000),
      ],
      [disputed('won')],
      'is suspended, and won all',
    ],
    ['won, and lacking', [placed, credited(), takenBack('dispute', 10)], [disputed('won')], 'lacks 10'],
    [
      'used twice',
      [given('1', { kind: 'code', source: 'c' }), given('2', { kind: 'code', source: 'c' })],
      [],
      'gave 2 times',
    ],
    ['a grant that stays', [given('g', ending)], [], 'is over, and was not ended'],
    [
      'ended early',
      [given('g', { ends_at: '2999-01-01T00:00:00.000Z' }), closed, expired()],
      [],
      'before its time',
    ],
    ['ended with too much', [given('g', ending), closed, expired('101')], [], 'more was taken than given'],
    ['ended twice', [given('g', ending), closed, expired(), expired('1')], [], 'ended twice'],
  ])('%s', async (_, told, provider, failure) => {
    expect(await failuresOf(told, provider)).toContain(failure);
  });
});
