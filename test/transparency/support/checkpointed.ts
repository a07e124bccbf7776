import type { ToAnchor } from '../../../src/transparency/anchors/anchor.js';
import { checkpointText } from '../../../src/transparency/checkpoint.js';
import { hashLeaf } from '../../../src/transparency/hashing.js';
import { privateKeyOf } from '../../../src/transparency/note-keys.js';
import { Prover } from '../../../src/transparency/proofs.js';
import type { RemoteLog } from '../../../src/transparency/remote-log.js';
import { createSigner, noteText } from '../../../src/transparency/signed-note.js';
import { logOf } from './trees.js';

export const ORIGIN = 'ledger.example/transparency';
export const signer = createSigner(ORIGIN, privateKeyOf(Buffer.alloc(32, 1)));

/** A log of so many entries, and a checkpoint of it; of another history behind its third, where there is a word of it. */
export function checkpointed(
  size: number,
  history = '',
  by = signer,
): { readonly given: ToAnchor; readonly log: RemoteLog } {
  const leaves = Array.from({ length: size }, (_, at) =>
    hashLeaf(Buffer.from(`${at < 3 ? '' : history} ${at}`)),
  );
  const { root, readTile } = logOf(leaves);
  const text = checkpointText({ origin: ORIGIN, size, root });
  const note = noteText({ text, signatures: [by.sign(text)] });
  const checkpoint = { size, note, root, signedAt: new Date('2026-11-30T12:00:00Z') };
  return {
    given: { checkpoint, origin: ORIGIN, history: new Prover(size, readTile), known: 0 },
    log: { checkpoint: () => Promise.resolve(note), readTile },
  };
}
