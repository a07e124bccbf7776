import type pg from 'pg';
import { BEFORE_FIRST, type EventStore } from '../../eventstore/event-store.js';
import { KEPT_TABLES } from '../tables.js';

/** There is something where the backup should go. */
export class NotEmpty extends Error {
  override readonly name = 'NotEmpty';
}

/** Nothing that is there is ever written over: a restore goes into a new database and a new log. @throws NotEmpty, EventStoreUnavailable */
export async function assertEmptyTarget(pool: pg.Pool, store: Pick<EventStore, 'head'>): Promise<void> {
  const head = await store.head();
  if (head !== BEFORE_FIRST)
    throw new NotEmpty(
      `the log has events, up to position ${head}: restore into a new database and, with EventStoreDB, a new server; keep what is there until you know that you do not need it`,
    );
  for (const { table } of KEPT_TABLES) {
    // A database that was opened once knows its id; with a log it is a ledger.
    const { rows } = await pool.query(
      `SELECT 1 FROM ${table} ${table === 'ledger_instance' ? 'WHERE log_kind IS NOT NULL' : ''} LIMIT 1`,
    );
    if (rows.length > 0) throw new NotEmpty(`the table ${table} has rows: restore into a new database`);
  }
  const { rows } = await pool.query(
    'SELECT projection FROM projection_checkpoints WHERE position >= 0 LIMIT 1',
  );
  if (rows.length > 0)
    throw new NotEmpty('there are read models of another log: restore into a new database');
}
