import { copyInto, copyLine } from '../../postgres/copy.js';
import { moneyEvents } from '../movement.js';
import type { Projection } from '../runtime/projection.js';
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
    let entries = '';
    let postings = '';
    for (const event of events) {
      const entry = entryOf(event);
      if (!entry) continue;
      entries += entryLine(entry);
      postings += postingLines(entry);
    }
    if (entries === '') return;
    await copyInto(tx, `${schema}.entries (position, recorded_at, type, account_id, reference)`, entries);
    await copyInto(tx, `${schema}.postings (position, leg, account, amount)`, postings);
  },
};

const entryLine = ({ event, accountId, reference }: Entry): string =>
  copyLine([event.position, event.recordedAt.toISOString(), event.storedType, accountId, reference]);

/** An entry that does not balance fails the batch: the sum is checked here, by what is about to be inserted. */
function postingLines({ event, postings }: Entry): string {
  let lines = '';
  let sum = 0n;
  for (const [leg, { account, amount }] of postings.entries()) {
    lines += copyLine([event.position, leg, account, amount]);
    sum += amount;
  }
  if (sum !== 0n) throw new Error('an entry of the journal does not balance');
  return lines;
}
