import type pg from 'pg';
import { withTransaction } from '../../postgres/pool.js';
import type { PlacedEvent } from '../event-store.js';
import { copyEvents, setHead } from './fill.js';

/** The schema of logs that another one took the place of: no role of a service may write there. */
const FORMER = 'former_logs';

/**
 * Makes room for the ledger's log to come back to where an earlier one was: that one is kept, as a table of its own.
 * @param owner of the log's tables
 * @param name of the table that it is kept in
 */
export async function setLogAside(owner: pg.Pool, name: string): Promise<void> {
  await withTransaction(owner, async (tx) => {
    await takeOut(tx, name);
    await tx.query('UPDATE log_head SET closed_because = NULL');
    await tx.query('UPDATE log_head SET position = -1');
  });
}

/** What of the log that is there stays, behind the events that are put in its place. */
export interface Kept {
  /** Exclusive. */
  readonly after: bigint;
  readonly without: readonly bigint[];
}

/**
 * Puts other events in the place of the first of a log, all or nothing. The log as it was is kept, as a table of its own.
 * @param owner of the log's tables
 * @param name of the table that it is kept in
 * @param why said with that table
 * @returns how many events the log has
 */
export async function replaceLog(
  owner: pg.Pool,
  { name, why }: { readonly name: string; readonly why: string },
  events: AsyncIterable<PlacedEvent>,
  kept: Kept,
): Promise<number> {
  return withTransaction(owner, async (tx) => {
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await takeOut(tx, name);
    await tx.query(`COMMENT ON TABLE ${FORMER}.${name} IS ${tx.escapeLiteral(why)}`);
    const before = await copyEvents(tx, events, 0);
    const { rowCount } = await tx.query(
      `INSERT INTO events (position, stream, revision, id, type, data, metadata, recorded_at)
       SELECT $1::bigint - 1 + row_number() OVER (ORDER BY position), stream, revision, id, type, data, metadata, recorded_at
       FROM ${FORMER}.${name} WHERE position > $2 AND position <> ALL($3)`,
      [before, kept.after, kept.without],
    );
    const all = before + (rowCount ?? 0);
    await setHead(tx, all - 1);
    return all;
  });
}

async function takeOut(tx: pg.ClientBase, name: string): Promise<void> {
  await tx.query('SET LOCAL statement_timeout = 0');
  await tx.query('SELECT position FROM log_head FOR UPDATE');
  await tx.query(`CREATE SCHEMA IF NOT EXISTS ${FORMER}`);
  await tx.query(`CREATE TABLE ${FORMER}.${name} AS TABLE events`);
  // Events are for ever, and these have been kept a line above.
  await tx.query('ALTER TABLE events DISABLE TRIGGER keep_all_events');
  await tx.query('TRUNCATE events');
  await tx.query('ALTER TABLE events ENABLE TRIGGER keep_all_events');
}
