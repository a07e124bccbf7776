import { hash } from 'node:crypto';

/** Of SHA-256. */
export const HASH_BYTES = 32;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** RFC 6962, 2.1: what an entry is in the tree. */
export const hashLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.concat([LEAF, entry]));

/** RFC 6962, 2.1: what two neighbours are one level up. */
export const hashNode = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(Buffer.concat([NODE, left, right]));

/** The root of a tree without entries. */
export const EMPTY_ROOT = sha256(Buffer.alloc(0));
