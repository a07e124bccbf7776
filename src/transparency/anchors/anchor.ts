import type { SignedCheckpoint } from '../checkpoint-tables.js';
import type { TreeHead } from '../verify-proofs.js';

/** What a place outside made of a checkpoint. Reasons are kept and shown: no secrets. */
export type Taken =
  | { readonly kind: 'taken'; readonly cosignatures?: readonly string[] }
  /** Not now: it is tried again. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It has a checkpoint that this one does not go on from: of the two histories one is not the true one. */
  | { readonly kind: 'contradicts'; readonly reason: string };

/** What the tree of a checkpoint begins with, asked of the tiles. */
export interface History {
  root(size: number): Promise<Buffer>;
  consistency(older: number): Promise<readonly Buffer[]>;
}

export interface ToAnchor {
  readonly checkpoint: SignedCheckpoint;
  readonly origin: string;
  readonly history: History;
  /** Entries of the last checkpoint that it was given; 0: of none. */
  readonly known: number;
}

/** A place outside of the ledger's reach that is given checkpoints, each larger than the one before. */
export interface Anchor {
  readonly name: string;
  /** Shortest time between two that it takes. */
  readonly everyMs: number;
  /** One whose signature is waited for, for a moment, before the checkpoint is shown. */
  readonly isWitness?: true;
  /** One that is not asked when all ends: who sends for it may be gone by then. */
  readonly isSentByOthers?: true;
  /** A rejection counts as `failed`. */
  take(given: ToAnchor, signal: AbortSignal): Promise<Taken>;
  /** The last note that it was given, as it stands there; undefined where it cannot be asked, or has none. */
  remembered?(): Promise<string | undefined>;
}

/** What a place remembers, beside what the log is now; undefined where that goes on from it. */
export async function contradictionOf(
  remembered: TreeHead,
  { checkpoint, history }: Pick<ToAnchor, 'checkpoint' | 'history'>,
): Promise<string | undefined> {
  const { size, root } = remembered;
  if (size > checkpoint.size)
    return `it has a checkpoint of ${size} entries, and the log has ${checkpoint.size}: an older copy was put back, or the end was cut off`;
  return (await history.root(size)).equals(root)
    ? undefined
    : `it has a checkpoint of ${size} entries, which the log does not begin with: history was changed`;
}
