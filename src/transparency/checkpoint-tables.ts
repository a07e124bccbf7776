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

/** Keeps it, where the tree in the tables has that size; false where another process has gone on, or was there before. */
export async function keepCheckpoint(pool: pg.Pool, checkpoint: SignedCheckpoint): Promise<boolean> {
  const { size, root, note, signedAt } = checkpoint;
  return withTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ size: bigint }>('SELECT size FROM transparency_tree FOR UPDATE');
    if (rows[0]?.size !== BigInt(size)) return false;
    const { rowCount } = await tx.query(
      `INSERT INTO transparency_checkpoints (size, root, note, signed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [size, root, note, signedAt],
    );
    return rowCount === 1;
  });
}
