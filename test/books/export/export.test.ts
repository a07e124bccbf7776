import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nothingSealed } from '../../support/nothing-sealed.js';
import { exportJournal, journalFormats } from '../../../src/books/export/export-journal.js';
import { fixedUsd } from '../../../src/books/export/format.js';
import { safeName } from '../../../src/books/export/names.js';
import { parsePeriod } from '../../../src/support/period.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';
import { anEvent } from '../../support/events.js';
import { ensureHledger, hledger, hledgerBalances } from '../../support/hledger.js';
import { accountIdOf, choiceArbitrary, historyOf } from '../../support/history.js';

const TZ = 'Asia/Shanghai';
const nasty = '张三: a; b  (c) "d"\t%|[e]';

describe('the export of the journal', () => {
  let ledger: Ledger;
  let directory: string;
  let now = new Date('2026-10-31T15:00:00Z');

  beforeAll(async () => {
    await ensureHledger();
    directory = await mkdtemp(join(tmpdir(), 'counterfoil-export-'));
    ledger = await createLedger(() => now);
    await ledger.start();
    const owner = { account_id: accountIdOf(9), user_id: 10 };
    await ledger.given(
      anEvent('account-registered', { ...owner, external_user_id: nasty, username: 'n' }),
      anEvent('payment-credited', { ...owner, payment_id: 'order (7); x:y', quota: 34_245_001n }),
      anEvent('payment-taken-back', { ...owner, payment_id: 'order (7); x:y', kind: 'dispute' }),
      anEvent('payment-taken-back', {
        ...{ ...owner, payment_id: 'order (7); x:y', kind: 'dispute', return_id: 'dispute:2' },
        ...{ quota: -400n, amount_usd: '-0.0008' },
      }),
      anEvent('payment-taken-back', { ...owner, payment_id: 'order (7); x:y', return_id: 'refund:3' }),
    );
    const ofPlan = { ...owner, order_id: 'CF01KB3XQ5T7VJ2M8N4P6R9S0TWX' };
    await ledger.given(
      anEvent('order-placed', { ...ofPlan, purpose: 'plan', pay_minor: 9_900n }),
      anEvent('order-paid', { ...ofPlan, amount_minor: 9_900n, provider_payment: 'pi_plan' }),
      anEvent('subscription-started', ofPlan),
      anEvent('order-disputed', { ...ofPlan, amount_minor: 9_900n, provider_payment: 'pi_plan' }),
      anEvent('cash-booked', { reference: 'txn (1); x:y' }),
      anEvent('cash-booked', {
        cash_id: accountIdOf(8),
        kind: 'payout',
        reference: 'po_1',
        quota: 5_000_000n,
      }),
    );
    // The first is still October in UTC and November in Shanghai.
    for (const [index, at] of [
      '2026-10-31T16:30:00Z',
      '2026-11-15T08:00:00Z',
      '2026-12-02T00:00:00Z',
    ].entries()) {
      now = new Date(at);
      const [choices] = fc.sample(fc.array(choiceArbitrary, { minLength: 40, maxLength: 60 }), {
        numRuns: 1,
        seed: 7 + index,
      });
      const known = new Set(['account-registered', 'token-issued', 'price-list-published', 'token-rotated']);
      const events = historyOf(choices ?? []).filter(({ type }) => index === 0 || !known.has(type));
      await ledger.given(...events.map((event) => renumbered(event, index)));
    }
  }, 300_000);
  afterAll(async () => {
    await ledger.close();
    await rm(directory, { recursive: true });
  });

  async function exported(format: keyof typeof journalFormats, from?: string, to?: string): Promise<string> {
    const pieces: string[] = [];
    const period = parsePeriod(from, to, TZ);
    const request = { format: journalFormats[format], period, timezone: TZ, openTexts: nothingSealed };
    for await (const piece of exportJournal(ledger.database.pool, request)) pieces.push(piece);
    return pieces.join('');
  }

  async function file(from?: string, to?: string): Promise<string> {
    const path = join(directory, `${from ?? ''}-${to ?? ''}.journal`);
    await writeFile(path, await exported('hledger', from, to));
    return path;
  }

  async function balances(): Promise<Map<string, bigint>> {
    const rows = await ledger.rows(
      'SELECT external_user_id, balance FROM p_balance.balances JOIN p_accounts.accounts USING (account_id)',
    );
    return new Map(
      rows.map((row) => [
        `Liabilities:Customers:${safeName(String(row.external_user_id))}`,
        row.balance as bigint,
      ]),
    );
  }

  it('passes hledger check --strict, and hledger balance has our figures, in dollars and in quota', async () => {
    const path = await file();
    await expect(hledger(path, 'check', '--strict')).resolves.toBe('');
    const expected = await balances();
    expect(expected.size).toBe(4);
    const inDollars = await hledgerBalances(path);
    const inQuota = await hledgerBalances(path, 'QUOTA');
    for (const [account, balance] of expected) {
      expect(inDollars[account]).toBe(balance === 0n ? '0' : fixedUsd(-balance));
      expect(BigInt((inQuota[account] ?? '').replace('.', ''))).toBe(-balance);
    }
  });

  it('has one transaction an event that moved money, coded with its payment or call', async () => {
    const [row] = await ledger.rows('SELECT count(*) + 5 AS entries FROM p_journal.entries');
    const path = await file();
    const dated = (await hledger(path, 'print')).match(/^\d{4}-\d{2}-\d{2} /gm);
    expect(BigInt(dated?.length ?? 0)).toBe(row?.entries);
    const found = await hledger(path, 'print', `code:${safeName('order (7); x:y').replaceAll('.', '\\.')}`);
    expect(found).toContain('68.490002 USD');
    expect(await hledger(path, 'print', 'tag:event=payment-refunded', 'tag:payment=pi_')).toContain(
      '| refund',
    );
    expect(await hledger(path, 'print', 'tag:request=request-1', 'date:2026-11-01')).toContain(
      '| call qwen-turbo',
    );
  });

  it('has the money of plans, fees and payouts, which is no customer’s', async () => {
    const path = await file();
    const found = await hledgerBalances(path);
    expect(found['Expenses:Fees']).toBe('2.900000');
    expect(found['Assets:Bank']).toBe('10.000000');
    // CNY 99 at 7.10, of which nothing is left there; the period gave 20 dollars.
    const ofOrder = await hledger(path, 'balance', '--flat', 'code:CF01KB3XQ5T7VJ2M8N4P6R9S0TWX');
    expect(ofOrder.match(/\S+ USD {2}\S+/g)).toEqual([
      '-13.943662 USD  Assets:Disputes',
      '13.943662 USD  Assets:Payments',
      '6.056338 USD  Expenses:Promotions',
      '-6.056338 USD  Liabilities:Deferred',
    ]);
    expect(await hledger(path, 'print', 'tag:provider=stripe')).toContain('| fee or payout');
    expect(await exported('csv')).toMatch(/,cash-booked\.v1,po_1,,,,,,stripe,Assets:Bank,5000000,10\.000000/);
  });

  it('is asked for one customer, and for one payment, by the commands of the guide', async () => {
    const small = await createLedger();
    await small.start();
    const customers = ['user_001', 'user_0010', 'a_user_001', 'a.b', 'axb'];
    for (const [index, external_user_id] of customers.entries()) {
      const owner = { account_id: accountIdOf(index), user_id: index + 1 };
      const username = `name${index}`;
      const payment_id = ['pi_3Q0001', 'pi_3Q00010'][index] ?? `other${index}`;
      await small.given(
        anEvent('account-registered', { ...owner, external_user_id, username, aff_code: '' }),
        anEvent('payment-credited', { ...owner, payment_id }),
      );
    }
    const path = join(directory, 'small.journal');
    const pieces: string[] = [];
    const period = parsePeriod(undefined, undefined, TZ);
    const request = { format: journalFormats.hledger, period, timezone: TZ, openTexts: nothingSealed };
    for await (const piece of exportJournal(small.database.pool, request)) pieces.push(piece);
    await writeFile(path, pieces.join(''));
    await small.close();

    const guide = await readFile('docs/finance.md', 'utf8');
    const quoted = (pattern: RegExp) => [...guide.matchAll(pattern)].map(([, text = '']) => text);
    const [one = '', dotted = ''] = quoted(/'(\^Liabilities:Customers:[^']+)'/g);
    const [payment = ''] = quoted(/print '(code:[^']+)'/g);
    const customersOf = async (...query: string[]) =>
      (await hledger(path, 'accounts', ...query))
        .split('\n')
        .filter((name) => name.startsWith('Liabilities'));
    expect(await customersOf(one)).toEqual(['Liabilities:Customers:user_001']);
    expect(await customersOf(dotted)).toEqual(['Liabilities:Customers:a.b']);
    expect((await hledger(path, 'print', payment)).match(/\(pi_\w+\)/g)).toEqual(['(pi_3Q0001)']);
  });

  it.each([
    ['2026-11-01', undefined],
    ['2026-11-02', '2026-11-30'],
    ['2026-11-15T12:00+08:00', undefined],
  ])('from %s to %s: the opening transaction carries what was there, months chain', async (from, to) => {
    const path = await file(from, to);
    await expect(hledger(path, 'check', '--strict')).resolves.toBe('');
    expect(await hledgerBalances(path)).toEqual(await hledgerBalances(await file(undefined, to)));
    expect(await hledger(path, 'print', 'desc:opening balances')).not.toBe('');
  });

  it('dates entries in the zone of the ledger', async () => {
    const text = await exported('hledger', '2026-11-01', '2026-11-01');
    expect(text).toContain('2026-11-01 *');
    expect(text).not.toContain('2026-10-31 *');
  });

  it('csv and ndjson have the same postings', async () => {
    const rows = await ledger.rows(
      'SELECT sum(amount) AS net, count(*) AS postings FROM (SELECT amount FROM p_journal.postings UNION ALL SELECT amount FROM p_cash.cash_postings) p',
    );
    expect(rows).toEqual([{ net: '0', postings: expect.anything() }]);
    const csv = (await exported('csv')).trimEnd().split('\r\n');
    expect(BigInt(csv.length - 1)).toBe(rows[0]?.postings);
    expect(csv[0]).toMatch(/^position,date,/);
    const events = (await exported('ndjson', '2026-11-15'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; postings: { quota: string }[] });
    const sum = (found: typeof events) =>
      found.flatMap(({ postings }) => postings).reduce((total, { quota }) => total + BigInt(quota), 0n);
    expect(sum(events)).toBe(0n);
    expect(sum(events.filter(({ event }) => event === 'opening-balance'))).toBe(0n);
    for (const event of events.filter(({ event }) => event !== 'opening-balance'))
      expect(sum([event])).toBe(0n);
  });

  it('an empty period has only what was there before', async () => {
    expect(await exported('ndjson', '2027-01-01')).not.toContain('position');
    expect(await exported('csv', undefined, '2020-01-01')).toMatch(/^position[^\r]*\r\n$/);
    const path = await file(undefined, '2020-01-01');
    await expect(hledger(path, 'check', '--strict')).resolves.toBe('');
  });
});

describe('names', () => {
  it('two stay two, and nothing that plain-text accounting reads as its own is left', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(safeName(a) === safeName(b)).toBe(a === b);
        expect(safeName(a)).not.toMatch(/[\s:;,()[\]|"*!]/);
      }),
    );
  });
});

/** Payments, adjustments and calls of a later part of the history are others than those of an earlier one. */
function renumbered<Event extends { data: object }>(event: Event, part: number): Event {
  const data: Record<string, unknown> = { ...event.data };
  for (const field of ['payment_id', 'adjustment_id'])
    if (typeof data[field] === 'string') data[field] = `${String(data[field])}-${part}`;
  if (typeof data.grant_id === 'string') data.grant_id = `${data.grant_id.slice(0, -1)}${part}`;
  return { ...event, data };
}
