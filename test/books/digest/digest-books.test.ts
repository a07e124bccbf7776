import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type BooksDigest,
  differencesOf,
  digestBooks,
  NotDigestible,
} from '../../../src/books/digest/digest-books.js';
import type { DomainEvent } from '../../../src/domain/events/catalogue.js';
import { createLedger, type Ledger } from '../../projections/projector-setup.js';
import { anEvent, append } from '../../support/events.js';
import { eventually } from '../../support/eventually.js';
import { choiceArbitrary, historyOf } from '../../support/history.js';

const history = [
  ...historyOf(fc.sample(choiceArbitrary, { numRuns: 90, seed: 11 })),
  anEvent('setting-changed'),
  anEvent('operator-created'),
  anEvent('channel-configured'),
];

describe('the digests of the books', () => {
  let nowMs = 0;
  const ledgers: Ledger[] = [];
  beforeEach(() => {
    nowMs = Date.UTC(2026, 9, 1);
  });
  afterEach(async () => {
    for (const ledger of ledgers.splice(0)) await ledger.close();
  });

  /** Each event at a time of its own, the same in every ledger; `between` is appended before each of them. */
  async function ledgerOf(
    events: readonly DomainEvent[],
    between?: (index: number) => DomainEvent,
  ): Promise<Ledger> {
    let at = nowMs;
    const ledger = await createLedger(() => new Date(at));
    ledgers.push(ledger);
    for (const [index, event] of events.entries()) {
      at = nowMs + index * 3_600_000;
      await append(ledger.store, ...(between ? [between(index)] : []), event);
    }
    const projector = await ledger.start();
    await ledger.given(anEvent('claim-released'));
    await projector.stop();
    return ledger;
  }
  const digestOf = ({ database }: Ledger): Promise<BooksDigest> => digestBooks(database.pool);
  const nobodys = (index: number) => anEvent('claim-reserved', { owner: `somebody-${index}` });

  it('are equal for the same events at other positions of another log', async () => {
    const one = await digestOf(await ledgerOf(history));
    const other = await digestOf(await ledgerOf(history, nobodys));
    expect(other.ledger).toBeGreaterThan(one.ledger);
    expect(differencesOf(one, other)).toEqual([]);
    expect(one.tables.filter(({ rows }) => rows > 0n).map(({ table }) => table)).toEqual(
      expect.arrayContaining([
        'balance.balances',
        'journal.entries',
        'usage-log.log_rows',
        'payments.payments',
      ]),
    );
  }, 120_000);

  it('tell a changed value, a row less, another order and another time of a table, and of no other', async () => {
    const ledger = await ledgerOf(history);
    const { pool } = ledger.database;
    let before = await digestBooks(pool);
    for (const [table, damage] of [
      ['balance.balances', 'UPDATE p_balance.balances SET balance = balance + 1 WHERE total_requests > 0'],
      ['payments.payments', `UPDATE p_payments.payments SET recorded_at = recorded_at + interval '1 day'`],
      ['journal.entries', 'DELETE FROM p_journal.entries WHERE counter_amount > 0'],
      ['balance.balances_after', 'UPDATE p_balance.balances_after SET position = 1000000 - position'],
      ['settings.settings', `UPDATE p_settings.settings SET value = '"another"'`],
    ] as const) {
      await pool.query(damage);
      const after = await digestBooks(pool);
      expect(differencesOf(before, after)).toEqual([table]);
      before = after;
    }
  }, 120_000);

  it('are of one moment, whatever is committed before the last table is read', async () => {
    const ledger = await ledgerOf(history);
    const { pool } = ledger.database;
    const before = await digestBooks(pool);
    const writer = await pool.connect();
    await writer.query('BEGIN; LOCK TABLE p_usage_log.log_rows');
    const digest = digestBooks(pool);
    const waiting = `SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE NOT granted AND datname = current_database()`;
    await eventually(async () => (await ledger.rows(waiting)).length > 0);
    await writer.query('UPDATE p_usage_log.log_rows SET spend = spend + 1; COMMIT');
    writer.release();
    expect(differencesOf(before, await digest)).toEqual([]);
    expect(differencesOf(before, await digestBooks(pool))).toEqual(['usage-log.log_rows']);
  }, 120_000);

  it('are not made where the read models are at no common place', async () => {
    const ledger = await createLedger(undefined, false);
    ledgers.push(ledger);
    await expect(digestOf(ledger)).rejects.toThrow(NotDigestible);
    await (await ledger.start()).stop();
    await digestOf(ledger);
    await ledger.rows(
      `UPDATE projection_checkpoints SET position = position + 1 WHERE projection = 'balance'`,
    );
    await expect(digestOf(ledger)).rejects.toThrow(NotDigestible);
  }, 120_000);
});
