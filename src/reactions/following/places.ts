import type pg from 'pg';
import { type AppliedEvent, assertApplied, whereIs } from '../../eventstore/applied-event.js';
import { type EventStore, BEFORE_FIRST } from '../../eventstore/event-store.js';
import { WrongLog } from '../../eventstore/wrong-log.js';
import type { Place, Queryable } from '../../projections/runtime/projection.js';
import type { Reaction } from '../reaction.js';

/** How far a reaction has looked, as the database has it. */
export interface ReactionPlace {
  readonly version: number;
  readonly position: bigint;
  /** Of the ledger, when its log was the one that the position is of. */
  readonly generation: number;
}

/** The log that is followed. */
export interface FollowedLog<Store> {
  readonly store: Store;
  /** Of the ledger, as its log says. */
  readonly generation: number;
}

interface Row {
  readonly reaction: string;
  readonly version: number;
  readonly begins_after: bigint;
  readonly position: bigint;
  readonly generation: number;
  readonly event_position: bigint | null;
  readonly event_stream: string | null;
  readonly event_revision: bigint | null;
  readonly event_id: string | null;
}

/**
 * Gives new reactions their place, at the log's end unless they ask for its beginning, and older ones this program's version. Safe when
 * several programs start at once.
 *
 * @returns the places, by name; one of a newer program keeps its version
 * @throws WrongLog, EventStoreUnavailable
 */
export async function installReactions(
  pool: Pick<pg.Pool, 'query'>,
  { store, generation }: FollowedLog<Pick<EventStore, 'head' | 'reaches' | 'readStream'>>,
  reactions: readonly Reaction[],
): Promise<ReadonlyMap<string, ReactionPlace>> {
  const head = await store.head();
  for (const { name, version, begins } of reactions) {
    await pool.query(
      `INSERT INTO reaction_checkpoints (reaction, version, begins_after, position, generation) VALUES ($1, $2, $3, $3, $4)
       ON CONFLICT (reaction) DO UPDATE SET version = $2 WHERE reaction_checkpoints.version < $2`,
      [name, version ?? 1, begins === 'beginning' ? BEFORE_FIRST : head, generation],
    );
  }
  const rows = await readRows(
    pool,
    reactions.map(({ name }) => name),
  );
  for (const row of rows) {
    assertSameLog(row.reaction, row, generation);
    // The server's own events count: the last look may have ended at one.
    if (row.position > head && !(await store.reaches(row.position)))
      throw new WrongLog(
        'older',
        `the reaction ${row.reaction} has looked at position ${row.position}, but the log ends before it: this is not the log it reacted to`,
      );
  }
  await assertApplied(store, rows.map(lastEventOf));
  return new Map(rows.map((row) => [row.reaction, placeOf(row)]));
}

/**
 * A log was accepted as it is: where a reaction's last event is not in it, or its place lies beyond the end, the reaction goes on from the end
 * that the log has; where that event stands elsewhere, in a log that was moved since the place was kept, from there. May be done again at will.
 *
 * @throws EventStoreUnavailable
 */
export async function setBack(
  db: Queryable,
  store: Pick<EventStore, 'head' | 'readStream'>,
  generation: number,
): Promise<void> {
  const head = await store.head();
  const { rows } = await db.query<Row>('SELECT * FROM reaction_checkpoints ORDER BY reaction');
  for (const row of rows) {
    const before = lastEventOf(row);
    const now = before && (await whereIs(store, before));
    const stays = row.position <= head && now?.position === before?.position;
    const position = stays ? row.position : (now?.position ?? min(row.position, head));
    // Nothing from before its place is sent in a log that it has not begun in; in a shorter one, what comes behind its end is.
    const begin = stays ? row.begins_after : now ? position : min(row.begins_after, position);
    await db.query(
      `UPDATE reaction_checkpoints
       SET position = $2, begins_after = $3, generation = $4, updated_at = now(),
           event_position = $5, event_stream = $6, event_revision = $7, event_id = $8
       WHERE reaction = $1`,
      [row.reaction, position, begin, generation, now?.position, now?.stream, now?.revision, now?.id],
    );
  }
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * A position says nothing in another log than the one it is of: what is kept of places is carried over when the log is moved.
 * @throws WrongLog
 */
export function assertSameLog(
  name: string,
  { generation }: Pick<ReactionPlace, 'generation'>,
  followed: number,
): void {
  if (generation === followed) return;
  throw new WrongLog(
    'another-generation',
    generation > followed
      ? `the reaction ${name} goes on in another log (generation ${generation}) than the one this process works with (generation ${followed}): the log was moved or restored. Start it again.`
      : `the reaction ${name} has its place in a log of before (generation ${generation}), and this one is of generation ${followed}. Finish the move as it was begun (counterfoil log copy); where the database is an older copy: counterfoil log accept (docs/operators.md, "Which log").`,
  );
}

/** Locks the reaction's place until the transaction ends. Undefined when it is gone. */
export async function lockPlace(tx: Queryable, name: string): Promise<ReactionPlace | undefined> {
  const [row] = await readRows(tx, [name], 'FOR UPDATE');
  return row && placeOf(row);
}

/** Undefined until the reaction is installed. */
export async function readPosition(db: Queryable, name: string): Promise<bigint | undefined> {
  const [row] = await readRows(db, [name]);
  return row && placeOf(row).position;
}

export async function movePlace(
  tx: Queryable,
  name: string,
  position: bigint,
  last: Place | undefined,
): Promise<void> {
  await tx.query(
    `UPDATE reaction_checkpoints
     SET position = $2, updated_at = now(), event_position = coalesce($3, event_position),
         event_stream = coalesce($4, event_stream), event_revision = coalesce($5, event_revision),
         event_id = coalesce($6, event_id)
     WHERE reaction = $1`,
    [name, position, last?.position, last?.stream, last?.revision, last?.id],
  );
}

async function readRows(
  db: Queryable,
  names: readonly string[],
  lock: '' | 'FOR UPDATE' = '',
): Promise<readonly Row[]> {
  const { rows } = await db.query<Row>(
    `SELECT * FROM reaction_checkpoints WHERE reaction = ANY($1) ORDER BY reaction ${lock}`,
    [names],
  );
  return rows;
}

/** A position that was put before the reaction's beginning counts as that beginning: nothing older is ever sent. */
const placeOf = ({ version, generation, position, begins_after: beginning }: Row): ReactionPlace => ({
  version,
  generation,
  position: position < beginning ? beginning : position,
});

const lastEventOf = (row: Row): AppliedEvent | undefined =>
  row.event_id === null || row.event_stream === null
    ? undefined
    : {
        id: row.event_id,
        stream: row.event_stream,
        revision: row.event_revision ?? 0n,
        position: row.event_position ?? 0n,
      };
