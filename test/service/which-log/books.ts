import type pg from 'pg';
import { verifyBooks } from '../../../src/books/verify/verify-books.js';
import { driftOf } from '../../../src/books/verify/check.js';
import type { Service } from '../../../src/compose/service.js';
import type { StandInLog } from '../../support/eventstoredb-stand-in/log.js';
import { ownEvents } from './moments.js';

/** What the log says and neither the tables nor the cached balances say, at the log's end. */
export async function driftIn({ ledger: { store, database, cache } }: Service): Promise<number> {
  const head = await store.head();
  const verification = await verifyBooks({ store, pool: database.pool, cachedBalance: cache });
  if (verification.position < head) throw new Error('the tables are behind the log');
  return driftOf(verification);
}

/** Alarms about the log that are not over, each with a message on its way. */
export async function alarmsIn(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string }>(
    `SELECT key FROM alerts WHERE kind = 'wrong-log' AND resolved_at IS NULL
     AND EXISTS (SELECT FROM outbox WHERE outbox.kind LIKE 'alert%') ORDER BY key`,
  );
  return rows.map(({ key }) => key);
}

export function highestUserId(log: StandInLog): number {
  const ids = ownEvents(log)
    .filter(({ type }) => type.startsWith('account-registered'))
    .map(({ data }) => (JSON.parse(Buffer.from(data).toString('utf8')) as { user_id: number }).user_id);
  return Math.max(0, ...ids);
}
