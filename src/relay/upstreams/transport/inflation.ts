import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { createZstdDecoder } from '../../../support/zstd/zstd.js';

/** The `content-encoding` of an answer, as far as it can be undone here. */
export type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

export interface InflationListener {
  bytes(inflated: Buffer): void;
  /** All that came in has gone out, or could not: `isWhole` is false for bytes that are no such encoding, and for those that break off. */
  over(isWhole: boolean): void;
  /** What is inflated is not taken as fast as it comes: send no more, or go on. */
  waits(isWaiting: boolean): void;
}

/** By the first bytes that came. */
const makers: Readonly<Record<Encoding, (first: Buffer) => Transform>> = {
  gzip: () => zlib.createGunzip(),
  // Some servers leave out the head that zlib's format begins with, in which the method is 8.
  deflate: (first) =>
    first.length === 0 || ((first[0] as number) & 0x0f) === 8
      ? zlib.createInflate()
      : zlib.createInflateRaw(),
  br: () => zlib.createBrotliDecompress(),
  zstd: createZstdDecoder,
};

/** What headers call them. What is not here is no encoding of bytes: upstreams write `utf-8` there, and the like. */
const NAMES: Readonly<Record<string, Encoding | 'unknown'>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
  zstd: 'zstd',
  compress: 'unknown',
  'x-compress': 'unknown',
  dcb: 'unknown',
  dcz: 'unknown',
};

/** The encoding a header names; undefined for none; `unknown` for one, or several, that nobody here can undo. */
export function encodingOf(header: string | string[] | undefined): Encoding | 'unknown' | undefined {
  if (header === undefined) return undefined;
  const names = String(header).toLowerCase().split(',');
  const found = names.map((name) => NAMES[name.trim()]).filter((encoding) => encoding !== undefined);
  const [first, second] = found;
  if (first === undefined || first === 'unknown') return first;
  return second === undefined ? first : 'unknown';
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * The encoding that an answer's first bytes show where no header says so: no text begins like this. `later`: not enough of them have come
 * to tell.
 */
export function encodingShown(bytes: Buffer): Encoding | 'later' | undefined {
  if (bytes[0] !== GZIP[0] && bytes[0] !== ZSTD[0]) return bytes.length === 0 ? 'later' : undefined;
  for (const [magic, encoding] of [
    [GZIP, 'gzip'],
    [ZSTD, 'zstd'],
  ] as const) {
    if (bytes.length < magic.length && magic.subarray(0, bytes.length).equals(bytes)) return 'later';
    if (bytes.subarray(0, magic.length).equals(magic)) return encoding;
  }
  return undefined;
}

/**
 * Undoes the encoding of an answer, piece by piece. Bounded: it keeps a few pieces at most, and says when it must wait. How much comes out
 * altogether is bounded by who takes it.
 */
export class Inflation {
  private readonly make: (first: Buffer) => Transform;
  /** Made when the first bytes have come. */
  private transform: Transform | undefined;
  private isOver = false;

  constructor(
    encoding: Encoding,
    private readonly listener: InflationListener,
  ) {
    this.make = makers[encoding];
  }

  push(bytes: Buffer): void {
    if (this.isOver || bytes.length === 0) return;
    this.transform ??= this.begun(bytes);
    if (!this.transform.write(bytes)) this.listener.waits(true);
  }

  /** Nothing more comes in. */
  finish(): void {
    if (this.isOver) return;
    this.transform ??= this.begun(Buffer.alloc(0));
    this.transform.end();
  }

  pause(): void {
    this.transform?.pause();
  }

  resume(): void {
    this.transform?.resume();
  }

  /** Nothing more is wanted. */
  destroy(): void {
    this.isOver = true;
    this.transform?.destroy();
  }

  private begun(first: Buffer): Transform {
    const transform = this.make(first);
    transform.on('data', (inflated: Buffer) => this.listener.bytes(inflated));
    transform.on('end', () => this.end(true));
    transform.on('error', () => this.end(false));
    transform.on('drain', () => this.listener.waits(false));
    return transform;
  }

  private end(isWhole: boolean): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listener.over(isWhole);
  }
}
