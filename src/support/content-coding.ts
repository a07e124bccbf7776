import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { createZstdDecoder, type Decoder } from './zstd/zstd.js';

const MEGABYTE = 1024 * 1024;
/** Text shrinks to a tenth, very regular text to a fiftieth. */
const MAX_RATIO = 100;
/** So much may come of however little. */
const FREE_BYTES = MEGABYTE;

const decoders = new Map<string, () => Decoder>([
  ['gzip', () => zlib.createGunzip()],
  ['x-gzip', () => zlib.createGunzip()],
  ['br', () => zlib.createBrotliDecompress()],
  ['zstd', createZstdDecoder],
]);

/** What `Content-Encoding` may say, for `Accept-Encoding` in an answer that refuses another. */
export const contentCodings = [...decoders.keys()].filter((name) => name !== 'x-gzip').join(', ');

/** A body that is encoded as nobody here can decode. */
export class UnknownCoding extends Error {
  override readonly name = 'UnknownCoding';
  constructor(readonly coding: string) {
    super(`unknown content coding ${coding}`);
  }
}

/** What came is not what its coding says, or much more than anybody would send in so few bytes. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
  constructor(
    readonly coding: string,
    readonly reason: 'malformed' | 'ratio',
    /** What came of it before it was given up. */
    readonly bytes: number,
  ) {
    super(`${reason} ${coding}`);
  }
}

/**
 * A request's body as it was before it was encoded for the way: the request itself where it was not. Its `error` is Undecodable, or
 * anything else where the client has gone. How much comes of it is for the reader to bound.
 * @throws UnknownCoding also for several codings at once
 */
export function decodedBody(request: IncomingMessage): Readable {
  const coding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return request;
  const make = decoders.get(coding);
  if (!make) throw new UnknownCoding(coding.slice(0, 100));
  const decoder = make();
  let bytes = 0;
  const guard = guardOf((chunk) => {
    bytes += chunk.length;
    const isLikely = bytes <= FREE_BYTES || bytes <= decoder.bytesWritten * MAX_RATIO;
    return isLikely ? undefined : new Undecodable(coding, 'ratio', bytes);
  });
  decoder.on('error', () => guard.destroy(new Undecodable(coding, 'malformed', bytes)));
  request.on('error', (error) => guard.destroy(error));
  request.on('close', () => {
    if (!request.complete) guard.destroy(new Error('the client has gone'));
  });
  guard.on('close', () => {
    request.unpipe(decoder);
    decoder.destroy();
  });
  request.pipe(decoder).pipe(guard);
  return guard;
}

function guardOf(judge: (chunk: Buffer) => Undecodable | undefined): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const fault = judge(chunk);
      if (fault) done(fault);
      else done(null, chunk);
    },
  });
}
