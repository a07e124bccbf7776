import { moneyEvents } from '../movement.js';
import type { Projection, Queryable } from '../runtime/projection.js';
import { jsonRows } from '../runtime/rows.js';
import { type Entry, entryOf } from './entry.js';
import { ddl } from './table.js';

/** Double entry: every event that moves money is postings that sum to zero. */
export const journal: Projection = {
  name: 'journal',
  group: 'ledger',
  version: '2',
  tables: ['entries', 'postings'],
  handles: moneyEvents,
  ddl,
  async apply(tx, schema, events) {
    const entries = events.flatMap((event) => entryOf(event) ?? []);
    await insertEntries(tx, schema, entries);
    await insertPostings(tx, schema, entries);
  },
};

async function insertEntries(tx: Queryable, schema: string, entries: readonly Entry[]): Promise<void> {
  const rows = entries.map(({ event, accountId, reference }) => ({
    position: event.position.toString(),
    recorded_at: event.recordedAt,
    type: event.type,
    account_id: accountId,
    reference,
  }));
  await tx.query(
    `INSERT INTO ${schema}.entries (position, recorded_at, type, account_id, reference)
     SELECT position, recorded_at, type, account_id, reference
     FROM json_to_recordset($1) AS row (position bigint, recorded_at timestamptz, type text, account_id uuid, reference text)`,
    [jsonRows(rows)],
  );
}

/** An entry that does not balance is left out whole and fails the batch: the sum is checked by what is inserted, not by who wrote it. */
async function insertPostings(tx: Queryable, schema: string, entries: readonly Entry[]): Promise<void> {
  const rows = entries.flatMap(({ event, postings }) =>
    postings.map(({ account, amount }, leg) => ({
      position: event.position.toString(),
      leg,
      account,
      amount: amount.toString(),
    })),
  );
  const { rowCount } = await tx.query(
    `INSERT INTO ${schema}.postings (position, leg, account, amount)
     SELECT position, leg, account, amount
     FROM (SELECT row.*, sum(amount) OVER (PARTITION BY position) AS balance
           FROM json_to_recordset($1) AS row (position bigint, leg smallint, account text, amount bigint)) row
     WHERE balance = 0`,
    [jsonRows(rows)],
  );
  if (rowCount !== rows.length) throw new Error('an entry of the journal does not balance');
}
