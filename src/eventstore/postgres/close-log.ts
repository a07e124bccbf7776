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
