import { copyInto, copyLine } from '../../postgres/copy.js';
import { moneyEvents } from '../movement.js';
import type { LedgerEvent, Projection } from '../runtime/projection.js';
import { entryOf } from './entry.js';
import { ddl, indexes } from './table.js';

const COLUMNS =
  'position, recorded_at, type, account_id, reference, counter_account, counter_amount, user_amount';

/** Double entry: every event that moves money is two postings that sum to zero, which the table sees to. */
export const journal: Projection = {
  name: 'journal',
  group: 'ledger',
  version: '3',
  tables: ['entries'],
  handles: moneyEvents,
  ddl,
  indexes,
  async apply(tx, schema, events) {
    let lines = '';
    for (const event of events) lines += lineOf(event);
    if (lines !== '') await copyInto(tx, `${schema}.entries (${COLUMNS})`, lines);
  },
};

function lineOf(event: LedgerEvent): string {
  const entry = entryOf(event);
  if (!entry) return '';
  const { accountId, reference, counterAccount, amount } = entry;
  const { position, recordedAt, storedType } = event;
  return copyLine([
    position,
    recordedAt.toISOString(),
    storedType,
    accountId,
    reference,
    counterAccount,
    amount,
    -amount,
  ]);
}
