import { decodeBase64 } from './base64.js';
import { HASH_BYTES } from './hashing.js';
import { BadNote, believedSignatures, type Believed, type Note, readNote } from './signed-note.js';
import type { VerifierKey } from './note-keys.js';
import type { TreeHead } from './verify-proofs.js';

/** What a log says of itself: how many entries it has, and what they come to (tlog-checkpoint). */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`;

/** Lines behind the third are allowed, and say nothing to us. @throws BadNote */
export function readCheckpointText(text: string): Checkpoint {
  const [origin, size, hash, ...others] = text.split('\n');
  const root = hash === undefined ? undefined : decodeBase64(hash);
  const isWhole = others.length > 0 && others.at(-1) === '' && !others.slice(0, -1).includes('');
  if (!origin || !isWhole || !isTreeSize(size) || root?.length !== HASH_BYTES)
    throw new BadNote('a checkpoint is an origin, a size and a root, a line each');
  return { origin, size: Number(size), root };
}

export const isTreeSize = (text: string | undefined): text is string =>
  text !== undefined && /^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text));

/** A checkpoint whose log's signature was checked, and those of the witnesses that are known. */
export interface OpenedCheckpoint extends Checkpoint {
  readonly note: Note;
  readonly witnesses: readonly Believed[];
}

/**
 * The checkpoint of a log whose keys are known.
 * @param logKeys their name is the origin that is expected
 * @throws BadNote where it is none, is another log's, or is not signed by any of the keys
 */
export function openCheckpoint(
  text: string,
  logKeys: readonly VerifierKey[],
  witnessKeys: readonly VerifierKey[] = [],
): OpenedCheckpoint {
  const note = readNote(text);
  const checkpoint = readCheckpointText(note.text);
  const own = logKeys.filter(({ name }) => name === checkpoint.origin);
  if (own.length === 0) throw new BadNote(`a checkpoint of ${checkpoint.origin}, whose key is not known`);
  if (believedSignatures(note, own).length === 0)
    throw new BadNote(`a checkpoint that ${checkpoint.origin} has not signed with a key that is known`);
  return { ...checkpoint, note, witnesses: believedSignatures(note, witnessKeys) };
}
