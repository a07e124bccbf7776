import type { BigIntStats } from 'node:fs';

// What Linux and a file system in a process say to each other through /dev/fuse, as far as PostgreSQL makes it be said (version 7.31).

export const Opcode = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  MKDIR: 9,
  UNLINK: 10,
  RMDIR: 11,
  RENAME: 12,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FSYNC: 20,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  FSYNCDIR: 30,
  ACCESS: 34,
  CREATE: 35,
  DESTROY: 38,
  BATCH_FORGET: 42,
  RENAME2: 45,
} as const;

export const MAX_WRITE = 128 * 1024;
const IN_HEADER = 40;
const OUT_HEADER = 16;

export interface FuseRequest {
  readonly opcode: number;
  readonly unique: bigint;
  readonly node: bigint;
  readonly uid: number;
  readonly gid: number;
  readonly body: Buffer;
}

export function readRequest(bytes: Buffer): FuseRequest {
  return {
    opcode: bytes.readUInt32LE(4),
    unique: bytes.readBigUInt64LE(8),
    node: bytes.readBigUInt64LE(16),
    uid: bytes.readUInt32LE(24),
    gid: bytes.readUInt32LE(28),
    body: bytes.subarray(IN_HEADER, bytes.readUInt32LE(0)),
  };
}

/** @param errno positive; 0: done */
export function answer(unique: bigint, errno: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(OUT_HEADER);
  header.writeUInt32LE(OUT_HEADER + body.length, 0);
  header.writeInt32LE(-errno, 4);
  header.writeBigUInt64LE(unique, 8);
  return Buffer.concat([header, body]);
}

/** Texts that end with a zero. */
export const textsIn = (bytes: Buffer): string[] => bytes.toString().split('\0');

export function initAnswer(body: Buffer): Buffer {
  const out = Buffer.alloc(64);
  out.writeUInt32LE(7, 0);
  out.writeUInt32LE(31, 4);
  out.writeUInt32LE(body.readUInt32LE(8), 8);
  // FUSE_BIG_WRITES: more than a page at once.
  out.writeUInt32LE(1 << 5, 12);
  out.writeUInt16LE(16, 16);
  out.writeUInt16LE(12, 18);
  out.writeUInt32LE(MAX_WRITE, 20);
  out.writeUInt32LE(1, 24);
  return out;
}

export function attributes(node: bigint, of: BigIntStats): Buffer {
  const out = Buffer.alloc(88);
  out.writeBigUInt64LE(node, 0);
  out.writeBigUInt64LE(of.size, 8);
  out.writeBigUInt64LE(of.blocks, 16);
  for (const [index, timeNs] of [of.atimeNs, of.mtimeNs, of.ctimeNs].entries()) {
    out.writeBigUInt64LE(timeNs / 1_000_000_000n, 24 + 8 * index);
    out.writeUInt32LE(Number(timeNs % 1_000_000_000n), 48 + 4 * index);
  }
  const numbers = [of.mode, of.nlink, of.uid, of.gid, of.rdev, 4096n];
  numbers.forEach((number, index) => out.writeUInt32LE(Number(number), 60 + 4 * index));
  return out;
}

/** Nobody else changes the files: what the kernel was told once, and has changed itself, it knows. */
const KNOWN_SECONDS = 3_600n;

export function attributesAnswer(node: bigint, of: BigIntStats): Buffer {
  const head = Buffer.alloc(16);
  head.writeBigUInt64LE(KNOWN_SECONDS, 0);
  return Buffer.concat([head, attributes(node, of)]);
}

export function entryAnswer(node: bigint, of: BigIntStats): Buffer {
  const head = Buffer.alloc(40);
  head.writeBigUInt64LE(node, 0);
  head.writeBigUInt64LE(KNOWN_SECONDS, 16);
  head.writeBigUInt64LE(KNOWN_SECONDS, 24);
  return Buffer.concat([head, attributes(node, of)]);
}

/** FOPEN_KEEP_CACHE: what was read before is what is there. */
const KEEP_CACHE = 2;

export function openAnswer(handle: number): Buffer {
  const out = Buffer.alloc(16);
  out.writeBigUInt64LE(BigInt(handle), 0);
  out.writeUInt32LE(KEEP_CACHE, 8);
  return out;
}

export function directoryEntry(inode: bigint, offset: number, name: string, isFolder: boolean): Buffer {
  const text = Buffer.from(name);
  const out = Buffer.alloc(24 + Math.ceil(text.length / 8) * 8);
  out.writeBigUInt64LE(inode, 0);
  out.writeBigUInt64LE(BigInt(offset), 8);
  out.writeUInt32LE(text.length, 16);
  out.writeUInt32LE(isFolder ? 4 : 8, 20);
  text.copy(out, 24);
  return out;
}
