import type pg from 'pg';
import { withTransaction } from '../postgres/pool.js';
import type { TreeHead } from './verify-proofs.js';

/** A checkpoint that was signed once: whatever follows must begin with its tree. */
export interface SignedCheckpoint extends TreeHead {
  /** With the signatures that came to it. */
  readonly note: string;
  readonly signedAt: Date;
}

interface Row {
  readonly size: bigint;
  readonly root: Buffer;
  readonly note: string;
  readonly signed_at: Date;
}

const COLUMNS = 'size, root, note, signed_at';
const checkpointOf = ({ size, root, note, signed_at: signedAt }: Row): SignedCheckpoint => ({
  size: Number(size),
  root,
  note,
  signedAt,
});

type Queryable = Pick<pg.Pool, 'query'>;

export async function newestCheckpoint(db: Queryable): Promise<SignedCheckpoint | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM transparency_checkpoints ORDER BY size DESC LIMIT 1`,
  );
  return rows[0] && checkpointOf(rows[0]);
}

/** All, the smallest first. */
export async function allCheckpoints(db: Queryable): Promise<readonly SignedCheckpoint[]> {
  const { rows } = await db.query<Row>(`SELECT ${COLUMNS} FROM transparency_checkpoints ORDER BY size`);
  return rows.map(checkpointOf);
}

/** Others see a checkpoint at the latest so long after it was signed, whoever of its witnesses is away. */
const WITNESSES_HAVE_MS = 15_000;

/** The newest that others see: it never gets smaller, since of what was shown nothing is hidden again. */
export async function publishedCheckpoint(db: Queryable): Promise<SignedCheckpoint | undefined> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM transparency_checkpoints
     WHERE published_at IS NOT NULL OR signed_at <= now() - make_interval(secs => $1 / 1000.0)
     ORDER BY size DESC LIMIT 1`,
    [WITNESSES_HAVE_MS],
  );
  return rows[0] && checkpointOf(rows[0]);
}

/** Shows it, if each of the anchors of those names has it, or has failed to take it. */
export async function publishCheckpoint(
  db: Queryable,
  size: number,
  witnesses: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE transparency_checkpoints SET published_at = now() WHERE size = $1 AND published_at IS NULL
       AND NOT EXISTS (SELECT FROM transparency_anchors WHERE name = ANY($2::text[]) AND size < $1 AND attempts = 0)`,
    [size, witnesses],
  );
}

/** Signatures that came to it; one that is there already is not added again. */
export async function addCosignatures(db: Queryable, size: number, lines: readonly string[]): Promise<void> {
  for (const line of lines)
    await db.query(
      'UPDATE transparency_checkpoints SET note = note || $2 WHERE size = $1 AND strpos(note, $2) = 0',
      [size, line],
    );
}

/**
 * Keeps it, where the tree in the tables has that size; false where another process has gone on, or was there before.
 * @param isShown at once, since no witness is to sign it first
 */
export async function keepCheckpoint(
  pool: pg.Pool,
  checkpoint: SignedCheckpoint,
  isShown = true,
): Promise<boolean> {
  const { size, root, note, signedAt } = checkpoint;
  return withTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ size: bigint }>('SELECT size FROM transparency_tree FOR UPDATE');
    if (rows[0]?.size !== BigInt(size)) return false;
    const { rowCount } = await tx.query(
      `INSERT INTO transparency_checkpoints (size, root, note, signed_at, published_at)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [size, root, note, signedAt, isShown ? signedAt : null],
    );
    return rowCount === 1;
  });
}

/** Of checkpoints that are older the last one of each hour stays, and then the last one of each day. */
const [ALL_DAYS, HOURLY_DAYS] = [2, 60];

/** Forgets those that say nothing which others do not: any two sizes are compared by the tree itself. Answers how many. */
export async function thinCheckpoints(db: Queryable, now: Date): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM transparency_checkpoints WHERE size IN (
       SELECT size FROM (
         SELECT size, signed_at, lead(signed_at) OVER (ORDER BY size) AS next_at,
                CASE WHEN signed_at < $1::timestamptz - make_interval(days => $3) THEN 'day' ELSE 'hour' END AS unit
         FROM transparency_checkpoints WHERE signed_at < $1::timestamptz - make_interval(days => $2)) older
       WHERE date_trunc(unit, signed_at, 'UTC') = date_trunc(unit, next_at, 'UTC'))`,
    [now, ALL_DAYS, HOURLY_DAYS],
  );
  return rowCount ?? 0;
}
