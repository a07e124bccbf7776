import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { ledgerProjections } from '../../projections/all-projections.js';
import { readCheckpoints } from '../../projections/runtime/checkpoints.js';
import type { Queryable } from '../../projections/runtime/projection.js';
import { AuditRefused } from './faults.js';

/** The read models as they are at one moment. */
export interface Snapshot {
  readonly tx: Queryable;
  /** Everything up to here is in them, nothing beyond. */
  readonly position: bigint;
}

/** One look at all tables: what is read within belongs together while the ledger goes on. @throws AuditRefused `not_ready` */
export async function withSnapshot<Result>(
  pool: pg.Pool,
  read: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  return withTransaction(pool, async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    return read({ tx, position: await positionOf(tx) });
  });
}

const LOOK_AGAIN_MS = 50;

/**
 * As withSnapshot, when the read models have what the log has now: an answer that silently leaves out the last minutes is wrong.
 * @throws AuditRefused `behind` when they do not get there in time
 */
export async function withCurrentSnapshot<Result>(
  pool: pg.Pool,
  store: EventStore,
  timeoutMs: number,
  read: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const head = await store.head();
  for (const deadlineMs = Date.now() + timeoutMs; ; await wait(LOOK_AGAIN_MS)) {
    const answer = await withSnapshot(pool, async (snapshot) =>
      snapshot.position >= head ? { result: await read(snapshot) } : { position: snapshot.position },
    );
    if ('result' in answer) return answer.result;
    if (Date.now() >= deadlineMs)
      throw new AuditRefused(
        'behind',
        `the read models are at position ${answer.position} of ${head} and do not get there: is a projector running?`,
      );
  }
}

async function positionOf(tx: Queryable): Promise<bigint> {
  const names = ledgerProjections.map(({ name }) => name);
  const found = new Map(
    (await readCheckpoints(tx, names, 'live')).map((checkpoint) => [checkpoint.projection, checkpoint]),
  );
  for (const { name, version } of ledgerProjections) {
    const checkpoint = found.get(name);
    if (!checkpoint)
      throw new AuditRefused('not_ready', 'the read models have not been made: start a projector first');
    if (checkpoint.version !== version)
      throw new AuditRefused('not_ready', `${name} is of another version and is to be rebuilt first`);
  }
  const positions = new Set([...found.values()].map(({ position }) => position));
  const [position, ...others] = positions;
  if (position === undefined || others.length > 0)
    throw new AuditRefused('not_ready', 'a read model is still on its way to where the others are');
  return position;
}
