import type pg from 'pg';
import { eventText, textsOfRecorded } from '../eventstore/event-bytes.js';
import type { RecordedEvent } from '../eventstore/event-store.js';
import { newestCheckpoint } from './checkpoint-tables.js';
import { hashLeaf } from './hashing.js';
import { entryBytes, type LeafMaker } from './leaf-entry.js';
import { Prover } from './proofs.js';
import { type ReceiptParts, receiptText } from './receipt.js';
import { indexAt, tileReader } from './tree-tables.js';
import { isIncluded } from './verify-proofs.js';

export type Issued =
  | { readonly kind: 'receipt'; readonly text: string; readonly parts: ReceiptParts }
  /** No checkpoint has its event yet. */
  | { readonly kind: 'not-signed-yet' }
  /** The event is not what was signed: a receipt of it would prove nothing. */
  | { readonly kind: 'changed' };

/** A receipt for an event that was read from the log, under the newest checkpoint. */
export async function issueReceipt(
  db: Pick<pg.Pool, 'query'>,
  leaves: Pick<LeafMaker, 'leafOf' | 'saltOf'>,
  event: RecordedEvent,
): Promise<Issued> {
  const [head, index] = await Promise.all([newestCheckpoint(db), indexAt(db, event.position)]);
  if (!head || index === undefined || index >= head.size) return { kind: 'not-signed-yet' };
  const proof = await new Prover(head.size, tileReader(db)).inclusion(index);
  const leaf = leaves.leafOf(event);
  if (!isIncluded(hashLeaf(entryBytes(leaf)), index, head, proof)) return { kind: 'changed' };
  const parts = {
    event: eventText(textsOfRecorded(event)),
    salt: leaves.saltOf(event.id),
    slot: leaf.slot,
    recordedAt: leaf.recordedAt,
    index,
    proof,
    checkpoint: head.note,
  };
  return { kind: 'receipt', text: receiptText(parts), parts };
}
