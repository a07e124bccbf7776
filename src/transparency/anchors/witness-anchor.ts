import { isTreeSize } from '../checkpoint.js';
import type { VerifierKey } from '../note-keys.js';
import { BadNote, believedSignatures, readNote, signatureLine } from '../signed-note.js';
import type { Anchor, Taken, ToAnchor } from './anchor.js';

/** Posts text and reads the answer. Rejects where there was none; its reason has no address in it. */
export type PostText = (
  url: string,
  body: string,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly text: string }>;

export interface WitnessSettings {
  readonly name: string;
  /** Submission prefix. */
  readonly url: string;
  readonly key: VerifierKey;
  readonly everyMs: number;
}

/** Somebody who signs what goes on from what they signed before, and nothing else (tlog-witness). */
export const witnessAnchor = ({ name, url, key, everyMs }: WitnessSettings, post: PostText): Anchor => ({
  name,
  everyMs,
  isWitness: true,
  take: async (given, signal) => {
    const ask = async (old: number): Promise<Taken | { readonly conflict: number | undefined }> => {
      const prefix = url.replace(/\/+$/, '');
      const answer = await post(`${prefix}/add-checkpoint`, await requestBody(old, given), signal);
      if (answer.status === 200) return cosignedBy(key, given.checkpoint.note, answer.text);
      if (answer.status === 409) return { conflict: sizeIn(answer.text) };
      return answer.status === 422
        ? {
            kind: 'contradicts',
            reason: `it refuses the proof that this log goes on from the ${old} entries that it signed`,
          }
        : { kind: 'failed', reason: refusals[answer.status] ?? `it answered ${answer.status}` };
    };
    // A witness that was restored, or asked by another process meanwhile, says where it is.
    const first = await ask(Math.min(given.known, given.checkpoint.size));
    if (!('conflict' in first)) return first;
    const size = first.conflict;
    if (size === undefined) return { kind: 'failed', reason: 'it answered 409 without a size' };
    if (size > given.checkpoint.size)
      return {
        kind: 'contradicts',
        reason: `it has signed ${size} entries, and the log has ${given.checkpoint.size}: an older copy was put back, or the end was cut off`,
      };
    const second = await ask(size);
    if (!('conflict' in second)) return second;
    return size === given.checkpoint.size && second.conflict === size
      ? { kind: 'contradicts', reason: `it has signed another tree of ${size} entries` }
      : { kind: 'failed', reason: 'it answered 409 to the size that it had said' };
  },
});

const refusals: Readonly<Record<number, string>> = {
  400: 'it calls the request a bad one',
  403: 'it knows none of the keys that have signed',
  404: 'it does not know this log: its operator has to add it',
};

async function requestBody(old: number, { checkpoint, history }: ToAnchor): Promise<string> {
  const proof = await history.consistency(old);
  return `old ${old}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${checkpoint.note}`;
}

function sizeIn(text: string): number | undefined {
  const [size] = text.split('\n');
  return isTreeSize(size) ? Number(size) : undefined;
}

/** What it sent is believed below the checkpoint alone, with the key that the operator was told. */
function cosignedBy(key: VerifierKey, note: string, lines: string): Taken {
  try {
    const { text } = readNote(note);
    const [believed] = believedSignatures(readNote(`${text}\n${lines}`), [key]);
    if (!believed) return { kind: 'failed', reason: 'what it answered is not signed with its key' };
    return { kind: 'taken', cosignatures: [signatureLine(believed.signature)] };
  } catch (error) {
    if (error instanceof BadNote) return { kind: 'failed', reason: `its answer: ${error.message}` };
    throw error;
  }
}
