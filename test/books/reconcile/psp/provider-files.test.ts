import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatDecimal } from '../../../../src/domain/money/decimal.js';
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
      ['wechat.csv', 'wechat', (text) => text.slice(0, text.indexOf('总交易单数')), /cut off/],
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
