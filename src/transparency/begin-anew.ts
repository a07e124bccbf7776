import type pg from 'pg';
import { withTransaction } from '../postgres/pool.js';
import { addSigner, type KeyStore } from './signing-keys.js';
import { readVerifierKey } from './note-keys.js';
import { clearTree } from './tree-tables.js';

export interface Beginning {
  /** Another name than the log ever had. */
  readonly origin: string;
  readonly reason: string;
  readonly by: string;
  readonly now: Date;
}

/** The log had that name before: who knows it by that would take the other one for a fork. */
export class NameWasUsed extends Error {
  override readonly name = 'NameWasUsed';
}

/**
 * Signs the log under another name, after a part of it was lost for good: whoever checks sees that it is another tree, and nothing of what was
 * signed before is held against it. Done again after it was broken off, it is finished.
 *
 * @returns what others check the new signatures with
 * @throws NameWasUsed
 */
export async function beginAnew(
  pool: pg.Pool,
  keys: KeyStore,
  { origin, reason, by, now }: Beginning,
): Promise<string> {
  const [all, inUse] = [await keys.all(), await keys.inUse()];
  const nameOf = ({ vkey }: { readonly vkey: string }) => readVerifierKey(vkey).name;
  const begun = inUse.find((key) => nameOf(key) === origin);
  const isOther = inUse.some((key) => nameOf(key) !== origin);
  if (all.some((key) => nameOf(key) === origin) && !(begun && isOther))
    throw new NameWasUsed(`the log was signed as ${origin} before: give it a name that it never had`);
  const vkey = begun?.vkey ?? (await addSigner(keys, now, origin));
  for (const key of inUse) if (nameOf(key) !== origin) await keys.retire(key.id, now);
  await withTransaction(pool, async (tx) => {
    await tx.query('SELECT FROM transparency_tree FOR UPDATE');
    await tx.query(
      `WITH given_up AS (DELETE FROM transparency_checkpoints RETURNING size, note, signed_at)
       INSERT INTO transparency_given_up (origin, size, note, signed_at, given_up_at, given_up_by, reason)
       SELECT split_part(note, E'\\n', 1), size, note, signed_at, $1, $2, $3 FROM given_up ON CONFLICT DO NOTHING`,
      [now, by, reason],
    );
    await clearTree(tx);
  });
  return vkey;
}
