import type pg from 'pg';
import type { Anchor } from './anchors/anchor.js';
import { openCheckpoint, readCheckpointText } from './checkpoint.js';
import { allCheckpoints, newestCheckpoint, type SignedCheckpoint } from './checkpoint-tables.js';
import type { VerifierKey } from './note-keys.js';
import { BadNote, believedSignatures, readNote } from './signed-note.js';
import type { TreeHead } from './verify-proofs.js';

/** Who remembers what its own tables have. */
export const THE_DATABASE = 'the database';

/** What was signed of the log once, and who remembers it. */
export interface SignedHead extends TreeHead {
  /** `the database`, `the anchor vault`. */
  readonly by: string;
}

/** The log is not what was signed of it, or that can no longer be known: nothing more is signed. */
export class LogDisagrees extends Error {
  override readonly name = 'LogDisagrees';
}

export interface SignedHeadsOptions {
  readonly pool: pg.Pool;
  /** All keys that this ledger ever signed with, as far as they are kept. */
  readonly verifiers: () => Promise<readonly VerifierKey[]>;
  readonly anchors?: readonly Pick<Anchor, 'name' | 'remembered'>[] | undefined;
}

/** The newest that the database has, and what each anchor has that can be read; the smallest first. @throws LogDisagrees */
export async function newestHeads(options: SignedHeadsOptions): Promise<readonly SignedHead[]> {
  const newest = await newestCheckpoint(options.pool);
  return headsOf(options, newest ? [newest] : []);
}

/** All that the database has, and what each anchor has. @throws LogDisagrees */
export async function allHeads(options: SignedHeadsOptions): Promise<readonly SignedHead[]> {
  return headsOf(options, await allCheckpoints(options.pool));
}

async function headsOf(
  { verifiers, anchors = [] }: SignedHeadsOptions,
  checkpoints: readonly SignedCheckpoint[],
): Promise<readonly SignedHead[]> {
  const known = await verifiers();
  if (checkpoints.length > 0 && known.length === 0) throw new LogDisagrees(KEY_LOST);
  const own = checkpoints.map((checkpoint) => ownHead(checkpoint, known));
  const others = await Promise.all(anchors.map((anchor) => anchoredHead(anchor, known)));
  return [...own, ...others.flatMap((head) => head ?? [])].sort((one, other) => one.size - other.size);
}

const KEY_LOST =
  'checkpoints of this log were signed, and the key that signed them is not in this database any more: it was lost, or taken out. Restore the table transparency_keys from a backup; or sign with a new key, which who checks has to be told of (counterfoil transparency rotate-key)';

/** @throws LogDisagrees for a row that is not what was signed */
function ownHead({ size, root, note: text }: SignedCheckpoint, known: readonly VerifierKey[]): SignedHead {
  try {
    const note = readNote(text);
    // One that no key which is left has signed is held against the log all the same.
    believedSignatures(note, known);
    const signed = readCheckpointText(note.text);
    if (signed.size !== size || !signed.root.equals(root)) throw new BadNote('it says another tree');
    return { size, root, by: THE_DATABASE };
  } catch (error) {
    if (!(error instanceof BadNote)) throw error;
    throw new LogDisagrees(
      `the checkpoint of ${size} entries in the database is not what was signed: ${error.message}. It was changed there: restore the table transparency_checkpoints`,
    );
  }
}

/** Who cannot be asked, or has what nobody of ours signed, says nothing against the log. */
async function anchoredHead(
  { name, remembered }: Pick<Anchor, 'name' | 'remembered'>,
  known: readonly VerifierKey[],
): Promise<SignedHead | undefined> {
  try {
    const text = await remembered?.();
    if (text === undefined) return undefined;
    const { size, root } = openCheckpoint(text, known);
    return { size, root, by: `the anchor ${name}` };
  } catch {
    return undefined;
  }
}
