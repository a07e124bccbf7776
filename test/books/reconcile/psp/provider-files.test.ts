import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatDecimal } from '../../../../src/domain/money/decimal.js';
import { isCash } from '../../../../src/books/reconcile/psp/cash-records.js';
import { detectFormat, type ProviderFormat } from '../../../../src/books/reconcile/psp/formats.js';
import { readProviderFile } from '../../../../src/books/reconcile/psp/read-provider-file.js';

const fixture = (name: string) => `test/books/reconcile/fixtures/${name}`;
const read = (path: string, format: ProviderFormat, idColumn?: string) =>
  readProviderFile(path, { format, timezone: 'Asia/Shanghai', idColumn });

async function summary(name: string, format: ProviderFormat, idColumn?: string) {
  const { rows } = await read(fixture(name), format, idColumn);
  return rows.map(
    ({ line, kind, paymentIds, refundIds, amount, currency, at }) =>
      `${line} ${kind} ${paymentIds.join('/')} ${refundIds.join('/')} ${formatDecimal(amount)} ${currency} ${at.toISOString()}`,
  );
}

describe('files of payment providers', () => {
  it.each([
    ['stripe-balance.csv', 'stripe'],
    ['stripe-payments.csv', 'stripe'],
    ['alipay-utf8.csv', 'alipay'],
    ['alipay-gbk.csv', 'alipay'],
    ['wechat.csv', 'wechat'],
    ['generic.csv', 'generic'],
    ['stripe-all-activity.csv', 'stripe'],
    ['stripe-categories.csv', 'stripe'],
    ['stripe-disputes.csv', 'stripe'],
    ['wechat-refunds.csv', 'wechat'],
  ])('%s is known by its header', async (name, format) => {
    expect(await detectFormat(fixture(name))).toBe(format);
  });

  it('Stripe, balance report: times in UTC, amounts with thousands, a cell of two lines, fees and payouts passed over', async () => {
    const found = await summary('stripe-balance.csv', 'stripe');
    expect(found.slice(0, 3)).toEqual([
      '2 payment pi_A/ch_3QA  68.49 USD 2026-11-03T08:00:01.000Z',
      '4 payment pi_B/ch_3QB  10 USD 2026-11-05T09:30:00.000Z',
      '5 refund pi_A/ch_3QA re_1/txn_3RA 8.49 USD 2026-11-10T10:00:00.000Z',
    ]);
    expect(found).toContain('9 payment pi_F/ch_3QF  1205 USD 2026-11-22T12:00:00.000Z');
    expect(found).toContain('12 refund pi_D/ch_3QD du_1/txn_3DU 15.5 USD 2026-11-25T13:00:00.000Z');
    expect((await read(fixture('stripe-balance.csv'), 'stripe')).passedOver).toBe(2);
    const ours = await summary('stripe-balance.csv', 'stripe', 'payment_metadata[order_id]');
    expect(ours[0]).toMatch(/^2 payment order-1\/pi_A\/ch_3QA /);
  });

  it.each([
    [
      'stripe-balance.csv',
      [
        'fee txn_3QA 2.29',
        'fee txn_3QB 0.59',
        'fee txn_3FE 1.2',
        'fee txn_3QD 0.75',
        'fee txn_3QF 35.25',
        'fee txn_3QB 0.59',
        'payout txn_3PO 1200',
        'fee txn_3DU 15',
        'fee txn_3QC 1.03',
        'fee txn_3QG 0.5',
      ],
    ],
    [
      'stripe-all-activity.csv',
      [
        ...['fee txn_3QA 2.29', 'fee txn_3AC 0.12', 'fee txn_3AF 4', 'fee txn_3DU 15'],
        ...['fee-returned txn_3DW 15', 'fee txn_3FE 1.2', 'payout txn_3PO 50'],
      ],
    ],
    ['wechat.csv', []],
  ] as const)('%s: fees and payouts, for whoever asks for them', async (name, expected) => {
    const format = name.startsWith('stripe') ? 'stripe' : 'wechat';
    const options = { format, timezone: 'UTC', idColumn: undefined, withCash: true } as const;
    const { rows } = await readProviderFile(fixture(name), options);
    const cash = rows.filter((row) => isCash(row));
    expect(
      cash.map(({ kind, paymentIds, amount }) => `${kind} ${paymentIds[0]} ${formatDecimal(amount)}`),
    ).toEqual(expected);
  });

  it('Stripe, payments: what was refunded is a sum, failed attempts are passed over', async () => {
    expect(await summary('stripe-payments.csv', 'stripe')).toEqual([
      '2 payment pi_A/ch_3QA  68.49 USD 2026-11-03T08:00:01.000Z',
      '2 refund pi_A/ch_3QA  8.49 USD 2026-11-10T10:00:00.000Z',
      '3 payment pi_B/ch_3QB  10 USD 2026-11-05T09:30:00.000Z',
      '3 refund pi_B/ch_3QB  4 USD 2026-11-12T11:00:00.000Z',
    ]);
  });

  it.each(['alipay-utf8.csv', 'alipay-gbk.csv'])('%s: Beijing time, yuan, comments, tabs', async (name) => {
    expect(await summary(name, 'alipay')).toEqual([
      '6 payment ORDER-A1/2026110122001400000000000001  72 CNY 2026-10-31T16:30:00.000Z',
      '7 payment ORDER-A2/2026111022001400000000000002  500 CNY 2026-11-10T08:01:38.000Z',
      '8 refund ORDER-A2/2026111022001400000000000002 RF-A2-1 72 CNY 2026-11-11T01:00:00.000Z',
    ]);
  });

  it('WeChat Pay: the order amount before coupons, backticks, a name of goods with comma and quotes, summary', async () => {
    expect(await summary('wechat.csv', 'wechat')).toEqual([
      '2 payment WX-ORDER-1/4200000000202611020000000001  72 CNY 2026-11-02T02:00:00.000Z',
      '3 payment WX-ORDER-2/4200000000202611040000000002  144 CNY 2026-11-04T02:00:00.000Z',
      '4 refund WX-ORDER-2/4200000000202611040000000002 WXRF-1/50000000000000000000000001 36 CNY 2026-11-05T03:00:00.000Z',
    ]);
  });

  it('Stripe, all activity: refunds and disputes by their own ids, failed payments go back, what is not known is said so', async () => {
    expect(await summary('stripe-all-activity.csv', 'stripe', 'order_id (metadata)')).toEqual([
      '2 payment pi_A/ch_3QA  68.49 USD 2026-11-03T08:00:00.000Z',
      '3 refund  re_1/txn_3RA 8.49 USD 2026-11-10T10:00:00.000Z',
      '4 payment pi_D/py_3AC  15 USD 2026-11-20T12:00:00.000Z',
      '5 refund  pyr_3AF/txn_3AF 15 USD 2026-11-26T12:00:00.000Z',
      '6 refund ch_3QB du_1/txn_3DU 10 USD 2026-11-25T13:00:00.000Z',
      '7 reversal ch_3QB du_1/txn_3DW 10 USD 2026-11-27T13:00:00.000Z',
      '10 unknown  txn_3AD 3 USD 2026-11-28T00:00:00.000Z',
      '11 unknown  cg_1/txn_3NW 2 USD 2026-11-29T00:00:00.000Z',
    ]);
    expect((await read(fixture('stripe-all-activity.csv'), 'stripe')).passedOver).toBe(2);
  });

  it('Stripe, balance report: what the customer paid where settlement is in another currency, returned payments, unknown categories', async () => {
    expect(await summary('stripe-categories.csv', 'stripe')).toEqual([
      '2 payment pi_A/ch_H1  68.49 USD 2026-11-03T08:00:01.000Z',
      '3 refund pi_A/ch_H1 re_1/txn_H2 8.49 USD 2026-11-10T10:00:00.000Z',
      '4 payment pi_D/py_H3  15 USD 2026-11-20T12:00:00.000Z',
      '5 refund pi_D/py_H3 pyr_H3/txn_H4 15 USD 2026-11-26T12:00:00.000Z',
      '6 unknown  txn_H5 7 USD 2026-11-28T00:00:00.000Z',
      '7 unknown pi_A/ch_H1 cg_1/txn_H6 3 USD 2026-11-28T01:00:00.000Z',
    ]);
    const { rows, passedOver } = await read(fixture('stripe-categories.csv'), 'stripe');
    expect(rows.map(({ note }) => note).filter((note) => note !== undefined)).toEqual([
      'the payment failed afterwards (charge_failure)',
      'reporting_category other_adjustment is not known; money out',
      'reporting_category customer_gift is not known; money out',
    ]);
    expect(passedOver).toBe(1);
  });

  it('Stripe, payments: a dispute that was lost or goes on went back, one that was won did not, any other is said so', async () => {
    const { rows } = await read(fixture('stripe-disputes.csv'), 'stripe');
    const others = rows.filter(({ kind }) => kind !== 'payment');
    expect(
      others.map(({ line, kind, amount, note }) => `${line} ${kind} ${formatDecimal(amount)} ${note}`),
    ).toEqual([
      '2 refund 68.49 disputed (lost)',
      '3 refund 10 disputed (needs_response)',
      '5 unknown 15 Dispute Status arbitration is not known',
      '6 unknown 99 it is disputed, and the file does not say how the dispute stands (Dispute Status)',
    ]);
  });

  it('Stripe, payments: what went back by a refund and a later dispute has the date of the later, and none where the file has none', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'counterfoil-files-'));
    const path = join(directory, 'back.csv');
    await writeFile(
      path,
      [
        'id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Refunded date (UTC),Disputed Amount,Dispute Status,Dispute Date (UTC)',
        'ch_1,2026-10-02 08:00:00,20.00,5.00,usd,Paid,2026-10-20 10:00:00,15.00,lost,2026-11-05 10:00:00',
        'ch_2,2026-10-02 08:00:00,20.00,5.00,usd,Paid,,,,',
      ].join('\n'),
    );
    const { rows } = await read(path, 'stripe');
    const back = rows.filter(({ kind }) => kind === 'refund');
    expect(back.map(({ at, isUndated }) => [at.toISOString().slice(0, 10), isUndated])).toEqual([
      ['2026-11-05', undefined],
      ['2026-10-02', true],
    ]);
    await rm(directory, { recursive: true });
  });

  it('WeChat Pay: refunds in processing are pending, failed ones moved nothing, unknown ones are said so', async () => {
    const { rows, passedOver } = await read(fixture('wechat-refunds.csv'), 'wechat');
    const back = rows.filter(({ kind }) => kind !== 'payment');
    expect(back.map(({ kind, isPending, note }) => `${kind} ${isPending ?? false} ${note ?? ''}`)).toEqual([
      'refund false ',
      'refund true the refund is in processing (PROCESSING)',
      'refund true the refund did not reach the payer: pay it by hand (CHANGE)',
      'unknown false 退款状态 PARKED is not known',
    ]);
    expect(passedOver).toBe(1);
  });

  it('Alipay: a kind of business that is not known is a row, not silence', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'counterfoil-files-'));
    const path = join(directory, 'odd.csv');
    const text = await readFile(fixture('alipay-utf8.csv'), 'utf8');
    await writeFile(
      path,
      text
        .replace('ORDER-A2\t,退款', 'ORDER-A2\t,赔付')
        .replace('交易合计：2笔', '交易合计：3笔')
        .replace(/#退款合计.*\r?\n/, ''),
    );
    const { rows } = await read(path, 'alipay');
    expect(rows.map(({ kind, note }) => `${kind} ${note ?? ''}`)).toEqual([
      'payment ',
      'payment ',
      'unknown 业务类型 赔付 is not known',
    ]);
    await rm(directory, { recursive: true });
  });

  describe('that are wrong', () => {
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'counterfoil-files-'));
    });
    afterAll(() => rm(directory, { recursive: true }));

    async function changed(name: string, change: (text: string) => string): Promise<string> {
      const path = join(directory, 'changed.csv');
      await writeFile(path, change(await readFile(fixture(name), 'utf8')));
      return path;
    }

    it.each<[string, ProviderFormat, (text: string) => string, RegExp]>([
      [
        'stripe-balance.csv',
        'stripe',
        (text) => text.replace('-8.49,0.00', 'x8.49,0.00'),
        /line 5: gross: "x8.49" is no amount/,
      ],
      [
        'stripe-balance.csv',
        'stripe',
        (text) => text.replace('gross,', 'grss,'),
        /line 1: this is not the header of a Stripe balance report/,
      ],
      [
        'stripe-payments.csv',
        'stripe',
        (text) => text.replace(',Failed,', ',Odd,'),
        /line 4: Status: is not known/,
      ],
      [
        'stripe-payments.csv',
        'stripe',
        (text) => text.replace('2026-11-12 11', '2026-13-12 11'),
        /line 3: Refunded date.*is no time/,
      ],
      [
        'alipay-utf8.csv',
        'alipay',
        (text) => text.slice(0, text.indexOf('#-----------------------------------------业务明细列表结束')),
        /cut off/,
      ],
      [
        'alipay-utf8.csv',
        'alipay',
        (text) => text.replace('交易合计：2笔', '交易合计：5笔'),
        /5 trades and 1 refunds and has 3 rows/,
      ],
      [
        'alipay-utf8.csv',
        'alipay',
        (text) => text.replace(',72.00,72.00', ',72.00'),
        /line 6: 24 cells under 25 columns/,
      ],
      [
        'alipay-utf8.csv',
        'alipay',
        (text) => text.replace(/.*RF-A2-1.*\r?\n/, ''),
        /it says 1 refunds and has none/,
      ],
      ['wechat.csv', 'wechat', (text) => text.slice(0, text.indexOf('总交易单数')), /cut off/],
      [
        'alipay-utf8.csv',
        'alipay',
        (text) => text.replace('商家实收共572.00元', '商家实收共573.00元'),
        /its foot says 交易 商家实收 573 and the rows come to 572/,
      ],
      [
        'alipay-utf8.csv',
        'alipay',
        (text) => text.replace('商家实收退款共-72.00元', '商家实收退款共-7.20元'),
        /its foot says 退款 商家实收 -7.2 and the rows come to -72/,
      ],
      [
        'wechat.csv',
        'wechat',
        (text) => text.replace('`3,`214.00', '`3,`215.00'),
        /its foot says 应结订单总金额 215 and the rows come to 214/,
      ],
      [
        'wechat.csv',
        'wechat',
        (text) => text.replace(/`36\.00(\s*)$/, '`37.00$1'),
        /its foot says 申请退款总金额 37 and the rows come to 36/,
      ],
      ['wechat.csv', 'wechat', (text) => text.replace('`REFUND,', '`LOST,'), /line 4: 交易状态: is none of/],
      ['generic.csv', 'generic', (text) => text.replace('GEN-1,2.5', ',2.5'), /line 3: payment_id: is empty/],
      ['generic.csv', 'generic', (text) => `${text}"never closed`, /line 4/],
      ['generic.csv', 'generic', () => '', /empty|no header/],
    ])('%s: %s %#', async (name, format, change, message) => {
      await expect(read(await changed(name, change), format)).rejects.toThrow(message);
    });

    it('no file, and a file of nothing that is known', async () => {
      await expect(detectFormat(join(directory, 'none.csv'))).rejects.toThrow(/cannot be read \(ENOENT\)/);
      await expect(detectFormat(await changed('generic.csv', () => 'a,b\n1,2\n'))).rejects.toThrow(
        /line 1: .*stripe/,
      );
    });

    it('bytes that are no text after a beginning that is', async () => {
      const path = join(directory, 'bytes.csv');
      const rows = 'GEN-1,12.5,USD,2026-11-07T10:00:00Z,payment,\n'.repeat(3_000);
      await writeFile(
        path,
        Buffer.concat([
          Buffer.from(`payment_id,amount,currency,time,type,refund_id\n${rows}`),
          Buffer.from([0xff, 0xfe, 0x0a]),
        ]),
      );
      await expect(read(path, 'generic')).rejects.toThrow(/bytes.csv, line 3002: it is not UTF-8/);
    });
  });
});
