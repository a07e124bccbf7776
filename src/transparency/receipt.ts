import { z } from 'zod';
import { EVENT_FORM } from '../eventstore/event-bytes.js';
import { decodeBase64 } from './base64.js';
import { openCheckpoint } from './checkpoint.js';
import { hashLeaf } from './hashing.js';
import { commitmentOf, entryBytes } from './leaf-entry.js';
import type { VerifierKey } from './note-keys.js';
import { BadProofFile, proofFileText, readProofFile } from './proof-file.js';
import { BadNote } from './signed-note.js';
import { isIncluded } from './verify-proofs.js';

/** Of the first member: another way of writing it down has another one. */
const FORM = 'counterfoil-receipt/v1';

const SALT_DIGITS = 44;

/** What a proof says beside its checkpoint: the event itself, and what its entry was made with. */
export const eventExtra = {
  /** As `eventText` writes it. */
  event: z.string(),
  /** Of 32 bytes: a longer one could begin the event, which then were another one. */
  salt: z.base64().length(SALT_DIGITS),
  slot: z.string().regex(/^\S+$/),
  recorded_at: z.string().regex(/^\S+$/),
};
const extraOf = z.strictObject({ form: z.literal(FORM), ...eventExtra });

/** What a file says of an event, and more, by its form. */
type ExtraSchema<Extra> = z.ZodType<
  Extra & {
    readonly event: string;
    readonly salt: string;
    readonly slot: string;
    readonly recorded_at: string;
  }
>;

export interface ReceiptParts {
  readonly event: string;
  readonly salt: Buffer;
  readonly slot: string;
  readonly recordedAt: string;
  readonly index: number;
  readonly proof: readonly Buffer[];
  readonly checkpoint: string;
}

/**
 * A receipt: one file that proves, to whoever knows the log's key, that the ledger wrote down this event.
 * @param more where it is to prove more than that: members that follow, under a form of their own
 */
export function receiptText(
  { event, salt, slot, recordedAt, ...proof }: ReceiptParts,
  { form, ...more }: { readonly form: string; readonly [member: string]: unknown } = { form: FORM },
): string {
  const extra = { form, event, salt: salt.toString('base64'), slot, recorded_at: recordedAt, ...more };
  return proofFileText({ ...proof, extra: Buffer.from(JSON.stringify(extra)) });
}

/** A receipt that proves nothing, and why. */
export class BadReceipt extends Error {
  override readonly name = 'BadReceipt';
}

/** What a receipt proves. */
export interface ProvedEvent {
  readonly origin: string;
  /** Entries of the checkpoint. */
  readonly size: number;
  readonly index: number;
  readonly recordedAt: string;
  readonly stream: string;
  readonly revision: string;
  readonly id: string;
  readonly type: string;
  /** JSON texts. */
  readonly data: string;
  readonly metadata: string;
  /** Names of witnesses, and when each saw the checkpoint. */
  readonly witnesses: readonly { readonly name: string; readonly seenAt: string | undefined }[];
}

export interface Trusted {
  readonly logKeys: readonly VerifierKey[];
  readonly witnessKeys?: readonly VerifierKey[] | undefined;
  /** How many of the witnesses must have seen the checkpoint; default none. */
  readonly quorum?: number | undefined;
}

/** Needs nothing but the file and keys. @throws BadReceipt */
export const checkReceipt = (text: string, trusted: Trusted): ProvedEvent =>
  checkFile(text, trusted, extraOf).event;

/** The event that a file of some form proves, and what the file says of it. @throws BadReceipt */
export function checkFile<Extra>(
  text: string,
  { logKeys, witnessKeys = [], quorum = 0 }: Trusted,
  schema: ExtraSchema<Extra>,
): { readonly event: ProvedEvent; readonly told: Extra } {
  try {
    const { extra, index, proof, checkpoint } = readProofFile(text);
    const head = openCheckpoint(checkpoint, logKeys, witnessKeys);
    const parsed = schema.safeParse(jsonOf(extra));
    const told = parsed.data;
    // Any other way to write the same would be a change that is not seen.
    if (!told || !extra || !Buffer.from(JSON.stringify(told)).equals(extra))
      throw new BadReceipt('it does not say its event in the way a receipt does');
    const event = eventOf(told.event);
    const { slot, recorded_at: recordedAt } = told;
    const commitment = commitmentOf(decodeBase64(told.salt) ?? Buffer.alloc(0), told.event);
    const leaf = hashLeaf(entryBytes({ slot, type: event.type, recordedAt, commitment }));
    if (!isIncluded(leaf, index, head, proof))
      throw new BadReceipt('the event is not the one that the checkpoint was signed of');
    if (head.witnesses.length < quorum)
      throw new BadReceipt(`${head.witnesses.length} of ${quorum} witnesses have seen its checkpoint`);
    const witnesses = head.witnesses.map(({ key, seenAt }) => ({
      name: key.name,
      seenAt: seenAt?.toISOString(),
    }));
    const proved = { origin: head.origin, size: head.size, index, recordedAt, ...event, witnesses };
    return { event: proved, told };
  } catch (error) {
    if (error instanceof BadProofFile || error instanceof BadNote) throw new BadReceipt(error.message);
    throw error;
  }
}

function jsonOf(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString() ?? '');
  } catch {
    return undefined;
  }
}

/** The parts of an event's text. @throws BadReceipt */
function eventOf(text: string) {
  const [form, stream, revision, id, type, length] = text.split('\n', 6);
  const isWhole = stream && revision && id && type && length !== undefined && /^\d{1,9}$/.test(length);
  if (form !== EVENT_FORM || !isWhole) throw new BadReceipt('its event is not written as events are');
  const rest = Buffer.from(text.slice([form, stream, revision, id, type, length].join('\n').length + 1));
  const end = Number(length);
  return {
    stream,
    revision,
    id,
    type,
    data: rest.toString('utf8', 0, end),
    metadata: rest.toString('utf8', end),
  };
}
