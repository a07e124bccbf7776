import type pg from 'pg';
import { withTransaction } from '../../postgres/pool.js';
import type { AppendOutcome, StreamWrite } from '../event-store.js';
import { textsWithinLimits } from '../limits.js';
import type { Seals } from '../seals.js';
import { prepareRequest } from './append-request.js';
import { appendBatch } from './connection.js';

/**
 * Appends the last events of a log and closes it in one transaction: whoever comes after it is refused by the database itself, in these words.
 * @param pool may write to the log
 */
export async function closeLog(
  { pool, seals }: { readonly pool: pg.Pool; readonly seals: Seals | undefined },
  write: StreamWrite,
  because: string,
): Promise<AppendOutcome> {
  return withTransaction(pool, async (tx) => {
    const [outcome] = await appendBatch(tx, [prepareRequest([write], textsWithinLimits([write], seals))]);
    if (outcome?.outcome === 'appended') await tx.query('UPDATE log_head SET closed_because = $1', [because]);
    return outcome ?? { outcome: 'unknown', cause: new Error('the append was not answered') };
  });
}

/** The schema of logs that were moved away, of which a later one took the place: no role of a service may write there. */
const FORMER = 'former_logs';

/**
 * Makes room for the ledger's log to come back to where an earlier one was: that one is kept, as a table of its own.
 * @param owner of the log's tables
 * @param name of the table that it is kept in
 */
export async function setLogAside(owner: pg.Pool, name: string): Promise<void> {
  await withTransaction(owner, async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SELECT position FROM log_head FOR UPDATE');
    await tx.query(`CREATE SCHEMA IF NOT EXISTS ${FORMER}`);
    await tx.query(`CREATE TABLE ${FORMER}.${name} AS TABLE events`);
    // Events are for ever, and these have been kept a line above.
    await tx.query('ALTER TABLE events DISABLE TRIGGER keep_all_events');
    await tx.query('TRUNCATE events');
    await tx.query('ALTER TABLE events ENABLE TRIGGER keep_all_events');
    await tx.query('UPDATE log_head SET closed_because = NULL');
    await tx.query('UPDATE log_head SET position = -1');
  });
}
