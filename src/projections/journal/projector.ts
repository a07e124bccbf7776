import { copyInto, copyLine } from '../../postgres/copy.js';
import { moneyEvents } from '../movement.js';
import type { Projection, Queryable } from '../runtime/projection.js';
import { type Entry, entryOf } from './entry.js';
import { ddl, indexes } from './table.js';

/** Double entry: every event that moves money is postings that sum to zero. */
export const journal: Projection = {
  name: 'journal',
  group: 'ledger',
  version: '2',
  tables: ['entries', 'postings'],
  handles: moneyEvents,
  ddl,
  indexes,
  async apply(tx, schema, events) {
    const entries = events.flatMap((event) => entryOf(event) ?? []);
    await insertEntries(tx, schema, entries);
    await insertPostings(tx, schema, entries);
  },
};

async function insertEntries(tx: Queryable, schema: string, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const lines = entries.map(({ event, accountId, reference }) =>
    copyLine([event.position, event.recordedAt.toISOString(), event.storedType, accountId, reference]),
  );
  await copyInto(
    tx,
    `${schema}.entries (position, recorded_at, type, account_id, reference)`,
    lines.join(''),
  );
}

/** An entry that does not balance fails the batch: the sum is checked here, by what is about to be inserted. */
async function insertPostings(tx: Queryable, schema: string, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  let lines = '';
  for (const { event, postings } of entries) {
    if (postings.reduce((sum, { amount }) => sum + amount, 0n) !== 0n)
      throw new Error('an entry of the journal does not balance');
    for (const [leg, { account, amount }] of postings.entries())
      lines += copyLine([event.position, leg, account, amount]);
  }
  await copyInto(tx, `${schema}.postings (position, leg, account, amount)`, lines);
}
