import { EMPTY_ROOT, HASH_BYTES, type NodeKind, sha256 } from '../hashing.js';

/** Of an amount, unsigned: nothing in such a tree can be below zero. */
const SUM_BYTES = 16;
const INDEX_BYTES = 8;
/** Of a node: its hash, and what all below it come to. */
export const SUM_NODE_BYTES = HASH_BYTES + SUM_BYTES;

const ACCOUNT = Buffer.from('counterfoil-liability-account/v1\n');
const LEAF = Buffer.from('counterfoil-liability-leaf/v1\n');
const NODE = Buffer.from('counterfoil-liability-node/v1\n');
const HALF = 64n;
const LOW = (1n << HALF) - 1n;

/** An account in a tree: who it is only its salt tells. */
export interface SumLeaf {
  /** Of 32 bytes: what leaves are sorted by. */
  readonly mark: Buffer;
  /** Never below zero. */
  readonly quota: bigint;
  /** Of the log's entries, that of the account's last movement. */
  readonly lastIndex: number;
}

/** What stands for an account: nobody can find it by trying without the salt, and it is of no other account. */
export const accountMark = (salt: Uint8Array, accountId: string): Buffer =>
  sha256(Buffer.concat([ACCOUNT, salt, Buffer.from(accountId)]));

/** A leaf as a node of the tree. @throws RangeError for an amount below zero, or beyond 128 bits */
export function leafNode({ mark, quota, lastIndex }: SumLeaf): Buffer {
  const sum = sumBytes(quota);
  const index = Buffer.alloc(INDEX_BYTES);
  index.writeBigUInt64BE(BigInt(lastIndex));
  return Buffer.concat([sha256(Buffer.concat([LEAF, mark, sum, index])), sum]);
}

/** How much a node and all below it come to. */
export const sumOf = (node: Uint8Array): bigint => {
  const bytes = Buffer.from(node.buffer, node.byteOffset, node.length);
  return (bytes.readBigUInt64BE(HASH_BYTES) << HALF) | bytes.readBigUInt64BE(HASH_BYTES + SUM_BYTES / 2);
};

/** A hash with its sum. @throws RangeError */
export const sumNode = (hash: Uint8Array, sum: bigint): Buffer => Buffer.concat([hash, sumBytes(sum)]);

function sumBytes(sum: bigint): Buffer {
  if (sum < 0n || sum >> (8n * BigInt(SUM_BYTES)) > 0n)
    throw new RangeError('a sum is not below zero, and has at most 128 bits');
  const bytes = Buffer.alloc(SUM_BYTES);
  bytes.writeBigUInt64BE(sum >> HALF, 0);
  bytes.writeBigUInt64BE(sum & LOW, SUM_BYTES / 2);
  return bytes;
}

/** A mark, and room for two nodes: filled and hashed at once, so that there need be only one. */
const pair = Buffer.concat([NODE, Buffer.alloc(2 * SUM_NODE_BYTES)]);

/**
 * Nodes that have a sum. The hash is over hash and sum of both children: where it is over the sum of both alone, an operator can show each
 * user another division of it, and owe less than all of them were shown.
 */
export const SUMS: NodeKind = {
  bytes: SUM_NODE_BYTES,
  empty: sumNode(EMPTY_ROOT, 0n),
  join: (left, right) => {
    const sum = sumOf(left) + sumOf(right);
    pair.set(left, NODE.length);
    pair.set(right, NODE.length + SUM_NODE_BYTES);
    return sumNode(sha256(pair), sum);
  },
};
