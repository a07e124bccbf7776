import { prepared } from '../../postgres/prepared.js';
import type { Place, Queryable, Slot } from './projection.js';

/** Where one projection is. `lastEvent` is undefined before the first event. */
export interface Checkpoint {
  readonly projection: string;
  readonly version: string;
  readonly position: bigint;
  readonly lastEvent: Omit<Place, 'recordedAt'> | undefined;
}

interface Row {
  readonly projection: string;
  readonly version: string;
  readonly position: bigint;
  readonly event_position: bigint | null;
  readonly event_stream: string | null;
  readonly event_revision: bigint | null;
  readonly event_id: string | null;
}

const COLUMNS = 'projection, version, position, event_position, event_stream, event_revision, event_id';

/** Checkpoints of the named projections that are installed, by name. */
export async function readCheckpoints(
  db: Queryable,
  names: readonly string[],
  slot: Slot,
): Promise<readonly Checkpoint[]> {
  return select(db, names, slot, '');
}

/** As readCheckpoints; until the transaction ends, no other projector can apply to any of them. */
export async function lockCheckpoints(
  tx: Queryable,
  names: readonly string[],
  slot: Slot,
): Promise<readonly Checkpoint[]> {
  return select(tx, names, slot, 'FOR UPDATE');
}

async function select(
  db: Queryable,
  names: readonly string[],
  slot: Slot,
  lock: '' | 'FOR UPDATE',
): Promise<readonly Checkpoint[]> {
  // All projectors lock in the same order, or two of them could wait for each other.
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM projection_checkpoints WHERE slot = $1 AND projection = ANY($2) ORDER BY projection ${lock}`,
    [slot, names],
  );
  return rows.map(({ projection, version, position, ...event }) => ({
    projection,
    version,
    position,
    lastEvent:
      event.event_id === null || event.event_stream === null
        ? undefined
        : {
            id: event.event_id,
            stream: event.event_stream,
            revision: event.event_revision ?? 0n,
            position: event.event_position ?? 0n,
          },
  }));
}

/** A new row before the first event, or the row of tables that are made anew. */
export async function insertCheckpoint(
  tx: Queryable,
  projection: string,
  slot: Slot,
  version: string,
): Promise<void> {
  await tx.query(
    `INSERT INTO projection_checkpoints (projection, slot, version, position) VALUES ($1, $2, $3, -1)`,
    [projection, slot, version],
  );
}

/** Moves checkpoints on, in the transaction of the batch. Without events the last applied one stays what it was. */
export async function moveCheckpoints(
  tx: Queryable,
  names: readonly string[],
  slot: Slot,
  position: bigint,
  lastEvent: Place | undefined,
): Promise<void> {
  await tx.query(
    `UPDATE projection_checkpoints
     SET position = $3, updated_at = now(),
         event_position = coalesce($4, event_position), event_stream = coalesce($5, event_stream),
         event_revision = coalesce($6, event_revision), event_id = coalesce($7, event_id)
     WHERE slot = $1 AND projection = ANY($2)`,
    [slot, names, position, lastEvent?.position, lastEvent?.stream, lastEvent?.revision, lastEvent?.id],
  );
}

/** The position that all of the named projections have passed; undefined until all are installed. */
export async function slowestPosition(db: Queryable, names: readonly string[]): Promise<bigint | undefined> {
  const { rows } = await db.query<{ position: bigint | null; installed: bigint }>(
    prepared(
      `SELECT min(position) AS position, count(*) AS installed
       FROM projection_checkpoints WHERE slot = 'live' AND projection = ANY($1)`,
      [names],
    ),
  );
  const [row] = rows;
  return row && row.installed === BigInt(names.length) ? (row.position ?? undefined) : undefined;
}
