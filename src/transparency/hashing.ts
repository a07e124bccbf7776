import { hash } from 'node:crypto';

/** Of SHA-256. */
export const HASH_BYTES = 32;

const LEAF = Buffer.of(0);
/** A mark, and room for two hashes: filled and hashed at once, so that there need be only one. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** By way of a text: a Buffer that `hash` makes has memory of its own, which takes three times as long and is collected one by one. */
export const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

/** Filled and hashed at once, so that there need be only one. */
const room = Buffer.allocUnsafe(16_384);

/** What SHA-256 comes to of bytes and a text behind them, in UTF-8. `binary`: a letter a byte. */
export function hashWithText(bytes: Uint8Array, text: string, as: 'binary' | 'base64'): string {
  // A unit of a text is three bytes at most.
  if (bytes.length + 3 * text.length > room.length)
    return hash('sha256', Buffer.concat([bytes, Buffer.from(text)]), as);
  room.set(bytes);
  return hash('sha256', room.subarray(0, bytes.length + room.write(text, bytes.length)), as);
}

/** RFC 6962, 2.1: what an entry is in the tree. */
export function hashLeaf(entry: Uint8Array): Buffer {
  if (LEAF.length + entry.length > room.length) return sha256(Buffer.concat([LEAF, entry]));
  room.set(LEAF);
  room.set(entry, LEAF.length);
  return sha256(room.subarray(0, LEAF.length + entry.length));
}

/** RFC 6962, 2.1: what two neighbours are one level up. */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

const BLOCK_BYTES = 64;

/** HMAC-SHA-256 under a key of at most a block, in a fraction of the time that Node's own takes for texts as short as ours. */
export function hmacUnder(key: Uint8Array): (text: string, as: 'binary' | 'base64') => string {
  const padded = (pad: number, bytes: number): Buffer => {
    const block = Buffer.alloc(bytes, pad);
    key.forEach((byte, place) => (block[place] = byte ^ pad));
    return block;
  };
  const [inner, outer] = [padded(0x36, BLOCK_BYTES), padded(0x5c, BLOCK_BYTES + HASH_BYTES)];
  return (text, as) => {
    outer.write(hashWithText(inner, text, 'binary'), BLOCK_BYTES, 'binary');
    return hash('sha256', outer, as);
  };
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
