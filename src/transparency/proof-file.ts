import { decodeBase64 } from './base64.js';
import { isTreeSize } from './checkpoint.js';
import { HASH_BYTES } from './hashing.js';

/** That an entry is in a log, in one file that needs no other (tlog-proof). */
export interface ProofFile {
  /** Nothing vouches for it by itself. */
  readonly extra: Buffer | undefined;
  readonly index: number;
  readonly proof: readonly Buffer[];
  /** The signed checkpoint, as it is. */
  readonly checkpoint: string;
}

/** Text that is no proof. */
export class BadProofFile extends Error {
  override readonly name = 'BadProofFile';
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_HASHES = 63;

export function proofFileText({ extra, index, proof, checkpoint }: ProofFile): string {
  const lines = [HEADER, ...(extra ? [`extra ${extra.toString('base64')}`] : []), `index ${index}`];
  return `${[...lines, ...proof.map((hash) => hash.toString('base64'))].join('\n')}\n\n${checkpoint}`;
}

/** @throws BadProofFile */
export function readProofFile(text: string): ProofFile {
  const end = text.indexOf('\n\n');
  if (end < 0) throw new BadProofFile('a proof ends with a checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw new BadProofFile(`a proof begins with ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined;
  const index = /^index (.*)$/.exec(lines.shift() ?? '')?.[1];
  if (!isTreeSize(index)) throw new BadProofFile('a proof says the index of its entry');
  if (lines.length > MAX_HASHES) throw new BadProofFile(`a proof has at most ${MAX_HASHES} hashes`);
  return {
    extra: extra === undefined ? undefined : bytesOf(extra),
    index: Number(index),
    proof: lines.map((line) => bytesOf(line, HASH_BYTES)),
    checkpoint: text.slice(end + 2),
  };
}

function bytesOf(text: string, length?: number): Buffer {
  const bytes = decodeBase64(text);
  if (bytes === undefined || (length !== undefined && bytes.length !== length))
    throw new BadProofFile('a line of a proof is not base64, or of another length');
  return bytes;
}
