import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLOSINGS } from '../../src/books/verify/closing-check.js';
import { verifyBooks } from '../../src/books/verify/verify-books.js';
import { allProjections } from '../../src/projections/all-projections.js';
import { catchUpTables } from '../../src/projections/runtime/catch-up.js';
import { type Clocked, createClocked } from '../books/liability/clocked-ledger.js';
import { anEvent, append } from '../support/events.js';

// What proofs of balances are made of, by column: the roots are in the log, and signed.

const TABLES = ['liability_trees', 'liability_leaves', 'liability_tiles'];
const DAY = '2026-08-31';
/** More than a tile, so that there are nodes. */
const ACCOUNTS = 300;
/** Some in each tile. */
const ASKING = Array.from({ length: 24 }, (_, each) => `user-${each + 1}`);

/** What they are told who ask for proofs; and what a process that starts does. */
interface Told {
  readonly proof: 'right' | 'refused' | 'not_closed';
  readonly verify: 'nobody' | 'verify';
  readonly started: 'goes on' | 'is made anew';
}
const REFUSED: Told = { proof: 'refused', verify: 'verify', started: 'is made anew' };
const NOT_CLOSED: Told = { ...REFUSED, proof: 'not_closed' };
/** Nothing that is proved is made of it. */
const UNUSED: Told = { ...REFUSED, proof: 'right' };

const columns: readonly (readonly [column: string, to: string, Told])[] = [
  ['liability_trees.as_of', `as_of || 'x'`, NOT_CLOSED],
  [
    'liability_trees.side',
    `side; DELETE FROM liability_trees WHERE side = 'overdrawn'; UPDATE liability_trees SET side = 'overdrawn'`,
    NOT_CLOSED,
  ],
  ['liability_trees.entries', 'entries + 1', UNUSED],
  ['liability_trees.accounts', 'accounts + 1', NOT_CLOSED],
  ['liability_trees.root', `overlay(root placing '\\xee' from 48)`, NOT_CLOSED],
  ['liability_leaves.as_of', `'2026-08-30'`, REFUSED],
  ['liability_leaves.side', `'overdrawn' WHERE n = 1`, REFUSED],
  ['liability_leaves.n', 'n + 10', REFUSED],
  ['liability_leaves.first_mark', `'\\xff'`, REFUSED],
  // An amount: the lowest byte of the first leaf's.
  ['liability_leaves.leaves', `overlay(leaves placing '\\xee' from 40)`, REFUSED],
  ['liability_tiles.as_of', `'2026-08-30'`, REFUSED],
  ['liability_tiles.side', `'overdrawn'`, REFUSED],
  ['liability_tiles.level', 'level + 1', REFUSED],
  ['liability_tiles.n', 'n + 1', REFUSED],
  ['liability_tiles.nodes', `overlay(nodes placing '\\xee' from 1)`, REFUSED],
];

describe('what proofs of balances are made of', () => {
  let ledger: Clocked;
  beforeAll(async () => {
    ledger = await createClocked('UTC');
    ledger.at('2026-08-31T12:00:00Z');
    for (let number = 1; number <= ACCOUNTS; number += 1) {
      const who = {
        account_id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
        user_id: number,
      };
      await append(
        ledger.store,
        anEvent('account-registered', { ...who, external_user_id: `user-${number}` }),
      );
      const quota = number === 1 ? -5n : BigInt(number);
      await append(
        ledger.store,
        anEvent('balance-adjusted', { ...who, adjustment_id: `first-${number}`, quota }),
      );
    }
    await ledger.advance();
    ledger.at('2026-09-01T00:01:00Z');
    await ledger.start()();
    await ledger.advance();
    for (const group of ['ledger', 'statistics'] as const)
      await catchUpTables(ledger.pool, ledger.store, group, allProjections('UTC'));
    for (const table of TABLES) await ledger.pool.query(`CREATE TABLE true_${table} AS TABLE ${table}`);
  });
  afterAll(() => ledger?.close());

  async function told(): Promise<Told> {
    const proofs = await Promise.all(
      ASKING.map((user) =>
        ledger.proved(DAY, user).then(
          () => 'right' as const,
          (error: Error & { readonly code?: 'not_closed' }) =>
            error.name === 'BooksDisagree' ? ('refused' as const) : error.code,
        ),
      ),
    );
    const { checks } = await verifyBooks(ledger);
    const found = checks.filter(({ differences }) => differences.length > 0).map(({ name }) => name);
    expect(found.filter((name) => name !== CLOSINGS)).toEqual([]);
    const before = await differing();
    await ledger.start()();
    expect(await differing()).toBe(0);
    expect(ledger.raised).toEqual([]);
    return {
      proof: proofs.find((proof) => proof !== 'right') ?? 'right',
      verify: found.length > 0 ? 'verify' : 'nobody',
      started: before > 0 ? 'is made anew' : 'goes on',
    };
  }

  /** Rows that are not what was made. */
  async function differing(): Promise<number> {
    const each = TABLES.map(
      (table) =>
        `SELECT 1 FROM ((TABLE ${table} EXCEPT TABLE true_${table}) UNION ALL (TABLE true_${table} EXCEPT TABLE ${table})) d`,
    );
    return (await ledger.pool.query(each.join(' UNION ALL '))).rows.length;
  }

  it('is right before', async () => {
    expect(await told()).toEqual({ proof: 'right', verify: 'nobody', started: 'goes on' });
  });

  it.each(columns)('and tampered with is found: %s', async (column, to, expected) => {
    const [table = '', name = ''] = column.split('.');
    await ledger.pool.query(`UPDATE ${table} SET ${name} = ${to}`);
    expect(await told()).toEqual(expected);
  });

  it('and taken away is told of, and made anew', async () => {
    for (const table of TABLES) {
      await ledger.pool.query(`DELETE FROM ${table}`);
      expect(await told()).toEqual(table === 'liability_trees' ? NOT_CLOSED : REFUSED);
    }
    // All of it at once is no tampering: a ledger that was restored has none.
    await ledger.pool.query(`TRUNCATE ${TABLES.join(', ')}`);
    expect(await told()).toEqual({ ...NOT_CLOSED, verify: 'nobody' });
  });

  it('is tried column by column', async () => {
    const { rows } = await ledger.pool.query<{ name: string }>(
      `SELECT attrelid::regclass || '.' || attname AS name FROM pg_attribute
       WHERE attrelid = ANY($1::regclass[]) AND attnum > 0 AND NOT attisdropped`,
      [TABLES],
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(columns.map(([column]) => column).sort());
  });
});
