import { hash } from 'node:crypto';

/** Of SHA-256. */
export const HASH_BYTES = 32;

const LEAF = Buffer.of(0);
/** A mark, and room for two hashes: filled and hashed at once, so that there need be only one. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** RFC 6962, 2.1: what an entry is in the tree. */
export const hashLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.concat([LEAF, entry]));

/** RFC 6962, 2.1: what two neighbours are one level up. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

const BLOCK_BYTES = 64;

/** HMAC-SHA-256 under a key of at most a block, in half the time that Node's own takes for texts as short as ours. */
export function hmacUnder(key: Uint8Array): (text: string) => Buffer {
  const [inner, outer] = [0x36, 0x5c].map((pad) => {
    const block = Buffer.alloc(BLOCK_BYTES, pad);
    key.forEach((byte, place) => (block[place] = byte ^ pad));
    return block;
  }) as [Buffer, Buffer];
  return (text) => sha256(Buffer.concat([outer, sha256(Buffer.concat([inner, Buffer.from(text)]))]));
}

/** The root of a tree without entries. */
export const EMPTY_ROOT = sha256(Buffer.alloc(0));

/** What the nodes of a tree are: how many bytes, and what two neighbours are one level up. */
export interface NodeKind {
  readonly bytes: number;
  readonly empty: Buffer;
  readonly join: (left: Uint8Array, right: Uint8Array) => Buffer;
}

/** Of RFC 6962. */
export const HASHES: NodeKind = { bytes: HASH_BYTES, empty: EMPTY_ROOT, join: hashNode };
