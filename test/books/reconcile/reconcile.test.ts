import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cashIdOf } from '../../../src/commands/handling/identifiers.js';
import type { DomainEvent } from '../../../src/domain/events/catalogue.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';
import { CommandProcess } from '../../support/command-process.js';
import { counterfoil } from '../../support/counterfoil.js';
import { anEvent } from '../../support/events.js';
import { keepLogInDatabase } from '../../support/kept-log.js';
import { createTestDatabase } from '../../support/postgres.js';

const MASTER_KEY = Buffer.alloc(32, 3);
const fixture = (name: string) => `test/books/reconcile/fixtures/${name}`;

const ids = { at71: 'CF01KB3XQ5T7VJ2M8N4P6R9S0T71', at73: 'CF01KB3XQ5T7VJ2M8N4P6R9S0T73' };
const sent = 'RF01KB3XQ5T7VJ2M8N4P6R9S0T71';

/** Two orders of one amount at two rates, and a refund of one. */
function inYuan(): readonly DomainEvent[] {
  const order = (order_id: string, rate: string, credit_usd: string, quota: bigint) => [
    anEvent('order-placed', { order_id, currency: 'CNY', pay_minor: 50_000n, rate, credit_usd }),
    anEvent('order-paid', {
      ...{ order_id, currency: 'CNY', amount_minor: 50_000n },
      provider_payment: `42000${order_id}`,
    }),
    anEvent('payment-credited', { payment_id: order_id, amount_usd: credit_usd, quota }),
  ];
  return [
    ...order(ids.at71, '7.10', '70.422536', 35_211_268n),
    ...order(ids.at73, '7.30', '68.493151', 34_246_575n),
    anEvent('refund-requested', { refund_id: sent, order_id: ids.at71, amount_minor: 20_000n }),
    anEvent('payment-refunded', {
      ...{ payment_id: ids.at71, refund_id: sent, amount_usd: '28.169014', quota: 14_084_507n },
    }),
  ];
}

const planned = 'CF01KB3XQ5T7VJ2M8N4P6R9S0T99';
const sentOfPlan = 'RF01KB3XQ5T7VJ2M8N4P6R9S0T99';

/** A period of a plan, of which a part of the price went back. */
function ofPlan(): readonly DomainEvent[] {
  const order = { order_id: planned, currency: 'CNY' };
  return [
    anEvent('order-placed', { ...order, purpose: 'plan', pay_minor: 9_900n, rate: '7.10', credit_usd: '20' }),
    anEvent('order-plan-chosen', { order_id: planned }),
    anEvent('order-paid', { ...order, amount_minor: 9_900n, provider_payment: `42000${planned}` }),
    anEvent('subscription-started', { order_id: planned }),
    anEvent('refund-requested', {
      ...{ refund_id: sentOfPlan, order_id: planned, amount_minor: 4_900n },
      provider_payment: `42000${planned}`,
    }),
    anEvent('refund-sent', { refund_id: sentOfPlan, order_id: planned }),
    anEvent('refund-succeeded', { refund_id: sentOfPlan, order_id: planned }),
  ];
}

/** Fees and a payout of Stripe's file: one of another amount, and one of which the file says nothing. */
function ofStripe(): readonly DomainEvent[] {
  const booked = (reference: string, minor: bigint, kind: 'fee' | 'payout' = 'fee') =>
    anEvent('cash-booked', {
      ...{ cash_id: cashIdOf('stripe', kind, reference), kind, reference, currency: 'USD' },
      ...{ amount_minor: minor, quota: minor * 5_000n, at: '2026-11-20T00:00:00.000Z' },
    });
  return [
    booked('txn_3QA', 229n),
    booked('txn_3QD', 76n),
    booked('txn_3PO', 120_000n, 'payout'),
    booked('txn_gone', 5n),
  ];
}

describe('counterfoil reconcile --psp', () => {
  let ledger: Ledger;
  let environment: { readonly DATABASE_URL: string; readonly MASTER_KEY: string };
  let commands: CommandProcess;
  let now = new Date(0);

  beforeAll(async () => {
    ledger = await createLedger(() => now);
    await ledger.start();
    const at = async (time: string, ...events: readonly DomainEvent[]) => {
      now = new Date(time);
      await ledger.given(...events);
    };
    const credit = (payment_id: string, amount_usd: string) =>
      anEvent('payment-credited', {
        payment_id,
        amount_usd,
        quota: BigInt(Math.round(Number(amount_usd) * 500_000)),
      });
    const refund = (payment_id: string, refund_id: string, amount_usd: string) =>
      anEvent('payment-refunded', {
        payment_id,
        refund_id,
        amount_usd,
        quota: BigInt(Math.round(Number(amount_usd) * 500_000)),
      });
    await at('2026-10-31T16:30:04Z', anEvent('account-registered'), credit('ORDER-A1', '10'));
    await at('2026-11-02T02:00:03Z', credit('WX-ORDER-1', '10'));
    await at('2026-11-03T08:00:05Z', credit('pi_A', '68.49'), credit('4200000000202611040000000002', '20'));
    await at(
      '2026-11-05T09:30:02Z',
      credit('pi_B', '10'),
      refund('4200000000202611040000000002', 'WXRF-1', '5'),
    );
    await at('2026-11-07T02:00:01Z', credit('GEN-1', '12.5'));
    await at('2026-11-08T02:00:01Z', refund('GEN-1', 'GR-1', '2.5'));
    await at(
      '2026-11-10T10:00:03Z',
      credit('ORDER-A2', '69.45'),
      refund('pi_A', 're_1', '8.49'),
      refund('ORDER-A2', 'RF-A2-1', '10'),
    );
    await at('2026-11-12T11:00:09Z', refund('pi_B', 'refund-77', '4'));
    await at('2026-11-20T12:00:02Z', credit('pi_D', '15'));
    await at('2026-11-21T12:00:02Z', credit('pi_E', '99'));
    await at('2026-12-01T00:00:30Z', credit('pi_C', '25'));
    await at('2026-12-10T02:00:01Z', ...inYuan());
    await at('2026-12-22T02:00:01Z', ...ofPlan());
    await at('2026-12-23T02:00:01Z', ...ofStripe());
    await keepLogInDatabase(ledger, MASTER_KEY);
    environment = { DATABASE_URL: ledger.database.url, MASTER_KEY: MASTER_KEY.toString('base64') };
    commands = new CommandProcess(environment);
  });
  afterAll(async () => {
    await commands.close();
    await ledger.close();
  });

  const reconcile = (...args: readonly string[]) => commands.run(['reconcile', ...args]);
  const month = ['--from', '2026-11-01', '--to', '2026-11-30'];

  it('Stripe: every class, totals, exit code 1, the same bytes again', async () => {
    const args = ['--psp', fixture('stripe-balance.csv'), ...month, '--prefix', 'pi_'];
    const json = await reconcile(...args, '--report', 'json');
    expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 1, stderr: '' });
    const { rows, totals, facts, clean } = JSON.parse(json.stdout) as {
      rows: Record<string, string>[];
      totals: Record<string, unknown>[];
      facts: Record<string, unknown>;
      clean: boolean;
    };
    expect(clean).toBe(false);
    expect(rows.map((row) => [row.class, row.kind, row.payment_id, row.difference_usd].join(' '))).toEqual([
      'amount-differs payment pi_D 0.5',
      'missing-here payment pi_F 1205',
      'missing-here refund pi_D 15.5',
      'missing-there payment pi_E -99',
      'duplicate payment pi_B 10',
      'timing payment pi_C 0',
      'matched payment pi_A 0',
      'matched payment pi_B 0',
      'matched refund pi_A 0',
      'matched refund pi_B 0',
    ]);
    expect(totals.at(-1)).toEqual({
      class: 'matched',
      kind: 'refund',
      count: 2,
      provider_usd: '12.49',
      ledger_usd: '12.49',
      difference_usd: '0',
    });
    expect(facts).toMatchObject({
      layout: 'Stripe balance report',
      movements: 10,
      rows_passed_over: 2,
      timezone: 'UTC',
    });
    // In a process of its own, which has to end by itself.
    const again = await counterfoil(['reconcile', ...args, '--report', 'json'], environment);
    expect(again.stdout).toBe(json.stdout);
  });

  describe('orders in yuan, each by its own rate', () => {
    const head = 'type,payment_id,refund_id,amount,currency,time';
    const line = (order: string, { paid, refund }: { paid?: string; refund?: readonly [string, string] }) => {
      const [kind, refundId, amount] = refund ? ['refund', ...refund] : ['payment', '', paid];
      return [kind, order, refundId, amount, 'CNY', '2026-12-10T02:00:00Z'].join(',');
    };
    const bill = [
      line(ids.at71, { paid: '500.00' }),
      // By the number that the provider gave the payment.
      line(`42000${ids.at73}`, { paid: '500.00' }),
      line(ids.at71, { refund: [sent, '200.00'] }),
    ];
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'counterfoil-cny-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    const found = async (lines: readonly string[]) => {
      const path = join(folder, 'bill.csv');
      await writeFile(path, [head, ...lines, ''].join('\n'));
      const december = ['--from', '2026-12-05', '--to', '2026-12-20'];
      const said = await reconcile('--psp', path, ...december, '--report', 'json');
      expect(said.stderr).toBe('');
      const { rows } = JSON.parse(said.stdout) as { rows: Record<string, string>[] };
      return { code: said.code, rows: rows.map((row) => [row.class, row.kind, row.payment_id].join(' ')) };
    };

    it('is clean, without a rate that anybody gives', async () => {
      const { code, rows } = await found(bill);
      expect(rows).toEqual([
        `matched payment ${ids.at71}`,
        `matched payment ${ids.at73}`,
        `matched refund ${ids.at71}`,
      ]);
      expect(code).toBe(0);
    });

    it.each<readonly [string, readonly string[], string]>([
      [
        'a fen less',
        [line(ids.at71, { paid: '499.99' }), ...bill.slice(1)],
        `amount-differs payment ${ids.at71}`,
      ],
      ['not paid there', [bill[0] ?? '', bill[2] ?? ''], `missing-there payment ${ids.at73}`],
      [
        'not credited here',
        [...bill, line('CF01KB3XQ5T7VJ2M8N4P6R9S0TXX', { paid: '1.00' })],
        'missing-here payment CF01KB3XQ5T7VJ2M8N4P6R9S0TXX',
      ],
      ['paid twice', [...bill, bill[1] ?? ''], `duplicate payment 42000${ids.at73}`],
      ['not refunded there', bill.slice(0, 2), `missing-there refund ${ids.at71}`],
      [
        'another refund',
        [...bill, line(ids.at73, { refund: ['RF01KB3XQ5T7VJ2M8N4P6R9S0T99', '1.00'] })],
        `missing-here refund ${ids.at73}`,
      ],
    ])('finds what was planted: %s', async (_, lines, expected) => {
      const { code, rows } = await found(lines);
      expect(rows).toContain(expected);
      expect(code).toBe(1);
    });
  });

  it('knows what was paid for periods of plans, and what of it went back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counterfoil-plan-'));
    const path = join(folder, 'bill.csv');
    const line = (kind: string, refund: string, amount: string) =>
      [kind, planned, refund, amount, 'CNY', '2026-12-22T02:00:00Z'].join(',');
    const head = 'type,payment_id,refund_id,amount,currency,time';
    const found = async (paid: string) => {
      await writeFile(
        path,
        [head, line('payment', '', paid), line('refund', sentOfPlan, '49.00'), ''].join('\n'),
      );
      const period = ['--from', '2026-12-21', '--to', '2026-12-25'];
      const { code, stdout, stderr } = await reconcile('--psp', path, ...period, '--report', 'json');
      expect(stderr).toBe('');
      const { rows } = JSON.parse(stdout) as { rows: Record<string, string>[] };
      return [code, ...rows.map((row) => [row.class, row.kind, row.ledger_usd].join(' '))];
    };
    expect(await found('99.00')).toEqual([0, 'matched payment 13.943662', 'matched refund 6.901408']);
    expect(await found('98.99')).toEqual([1, 'amount-differs payment 13.943662', 'matched refund 6.901408']);
    await rm(folder, { recursive: true });
  });

  it('knows fees and payouts of a provider that is named', async () => {
    const args = [
      '--psp',
      fixture('stripe-balance.csv'),
      ...month,
      '--prefix',
      'pi_',
      '--provider',
      'stripe',
    ];
    const { code, stdout } = await reconcile(...args, '--report', 'json');
    const { rows, facts } = JSON.parse(stdout) as {
      rows: Record<string, string>[];
      facts: Record<string, unknown>;
    };
    const cash = rows.filter(({ kind }) => kind === 'fee' || kind === 'payout');
    expect(cash.map((row) => [row.class, row.kind, row.payment_id, row.difference_usd].join(' '))).toEqual([
      'amount-differs fee txn_3QD -0.01',
      'missing-here fee txn_3QB 0.59',
      'missing-here fee txn_3FE 1.2',
      'missing-here fee txn_3QF 35.25',
      'missing-here fee txn_3DU 15',
      'missing-here fee txn_3QC 1.03',
      'missing-there fee txn_gone -0.05',
      'duplicate fee txn_3QB 0.59',
      'matched fee txn_3QA 0',
      'matched payout txn_3PO 0',
    ]);
    expect({ code, passedOver: facts.rows_passed_over }).toEqual({ code: 1, passedOver: 0 });
    // The others are as they are without it.
    expect(
      rows.filter(({ kind }) => kind === 'payment').map((row) => `${row.class} ${row.payment_id}`),
    ).toEqual([
      ...['amount-differs pi_D', 'missing-here pi_F', 'missing-there pi_E', 'duplicate pi_B'],
      ...['timing pi_C', 'matched pi_A', 'matched pi_B'],
    ]);
  });

  it.each([
    [['book', fixture('stripe-balance.csv'), '--provider', 'stripe', '--by', 'ann'], /another amount/],
    [['book', fixture('stripe-balance.csv'), '--provider', 'other', '--by', 'ann'], /cash_off/],
    [['book', fixture('wechat-none.csv'), '--provider', 'wechat', '--by', 'ann'], /cannot be read/],
    [['book', fixture('generic.csv'), '--provider', 'a b', '--by', 'ann'], /--provider/],
  ])('cash %j books nothing', async (args, message) => {
    const before = await ledger.rows('SELECT max(position) FROM events');
    const { code, stderr } = await commands.run(['cash', ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
    expect(await ledger.rows('SELECT max(position) FROM events')).toEqual(before);
  });

  it('says what each provider should still have', async () => {
    const { stdout } = await commands.run(['cash', 'clearing', '--json']);
    expect(JSON.parse(stdout)).toEqual([
      {
        ...{ provider_id: 'stripe', currency: 'USD', orders: '0.00', refunds: '0.00', disputes: '0.00' },
        ...{ fees: '3.10', payouts: '1200.00', balance: '-1203.10' },
      },
      {
        ...{ provider_id: 'test', currency: 'CNY', orders: '1099.00', refunds: '49.00', disputes: '0.00' },
        ...{ fees: '0.00', payouts: '0.00', balance: '1050.00' },
      },
    ]);
  });

  it('as CSV for a spreadsheet, and as a table', async () => {
    const args = ['--psp', fixture('stripe-balance.csv'), ...month];
    const { stdout } = await reconcile(...args, '--report', 'csv');
    expect(stdout.startsWith('\uFEFFclass,kind,payment_id,')).toBe(true);
    expect(stdout).toContain('missing-here,refund,pi_D,du_1,');
    const printed = await reconcile(...args);
    expect(printed.stdout).toMatch(/missing-there .*pi_E/);
    expect(printed.stdout).toMatch(/differences: \d+\n$/);
  });

  it.each([
    ['stripe-payments.csv', ['--from', '2026-11-03', '--to', '2026-11-12', '--prefix', 'pi_']],
    ['alipay-utf8.csv', [...month, '--rate', 'CNY=0.1389', '--prefix', 'ORDER-']],
    ['alipay-gbk.csv', [...month, '--rate', 'CNY=0.1389', '--prefix', 'ORDER-']],
    ['wechat.csv', [...month, '--rate', 'CNY=0.1389', '--prefix', 'WX-', '--prefix', '42']],
    ['generic.csv', [...month, '--tz', 'Asia/Shanghai', '--prefix', 'GEN-']],
  ])('%s: all match, exit code 0', async (name, args) => {
    const { code, stdout, stderr } = await reconcile('--psp', fixture(name), ...args);
    expect({ code, stderr, stdout }).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/all match\n$/),
    });
  });

  it.each([
    [['--psp', fixture('alipay-utf8.csv'), ...month], /line 6: the amount is in CNY: give --rate/],
    [['--psp', fixture('alipay-utf8.csv'), ...month, '--format', 'wechat'], /header of a WeChat Pay bill/],
    [['--psp', fixture('none.csv'), ...month], /none\.csv: it cannot be read/],
    [['--psp', fixture('generic.csv'), ...month, '--id-column', 'x'], /line 1: it has no column x/],
    [['--psp', fixture('generic.csv'), '--from', '2026-11-31', '--to', '2026-12-01'], /--from/],
    [['--psp', fixture('generic.csv'), '--from', '2026-11-30', '--to', '2026-11-01'], /ends before/],
    [['--psp', fixture('generic.csv'), ...month, '--tz', 'Mars/Base'], /--tz/],
    [['--psp', fixture('generic.csv'), ...month, '--rate', 'CNY'], /--rate/],
  ])('%j ends with 2', async (args, message) => {
    const { code, stdout, stderr } = await reconcile(...args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('refuses a ledger whose read models were never made, instead of an empty report', async () => {
    const empty = await createTestDatabase();
    const { code, stdout, stderr } = await counterfoil(['export'], {
      ...environment,
      DATABASE_URL: empty.url,
    });
    await empty.drop();
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/projector/),
    });
  });

  it('exports through the command too', async () => {
    const { code, stdout } = await counterfoil(
      ['export', '--format', 'csv', '--from', '2026-11-01'],
      environment,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/,opening-balance,.*Assets:Payments,5000000,10\.000000/);
  });
});
