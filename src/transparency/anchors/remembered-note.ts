import { openCheckpoint, type OpenedCheckpoint } from '../checkpoint.js';
import type { VerifierKey } from '../note-keys.js';
import { BadNote } from '../signed-note.js';
import { contradictionOf, type Taken, type ToAnchor } from './anchor.js';

/** All keys that this ledger ever signed with. */
export type OwnKeys = () => Promise<readonly VerifierKey[]>;

/** Why a checkpoint is not taken. */
export type Obstacle = Exclude<Taken, { kind: 'taken' }>;

/**
 * Why a checkpoint must not take the place of the note that stands somewhere; undefined where it may.
 * @param text what stands there; undefined: nothing
 * @param lost what may be the matter where something should stand there
 */
export async function obstacleOf(
  text: string | undefined,
  { known, ...given }: ToAnchor,
  { keys, lost }: { readonly keys: OwnKeys; readonly lost: string },
): Promise<Obstacle | undefined> {
  if (text === undefined)
    return known === 0
      ? undefined
      : {
          kind: 'failed',
          reason: `the checkpoint of ${known} entries that it was given is not there: ${lost}`,
        };
  const before = await openedNote(text, keys);
  if (typeof before === 'string') return { kind: 'failed', reason: before };
  const contradiction = await contradictionOf(before, given);
  return contradiction === undefined ? undefined : { kind: 'contradicts', reason: contradiction };
}

/** A note that stands somewhere; a text: why it is not believed. */
export async function openedNote(text: string, keys: OwnKeys): Promise<OpenedCheckpoint | string> {
  try {
    return openCheckpoint(text, await keys());
  } catch (error) {
    if (error instanceof BadNote) return `what stands there is not this ledger's: ${error.message}`;
    throw error;
  }
}
