import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Unavailable } from '../support/unavailable.js';
import type { ReadTile } from './growing-tree.js';
import { HASH_BYTES } from './hashing.js';
import { EVENTS_A_TILE } from './tile.js';
import { tilePath } from './tile-path.js';

/** A log that is somebody else's, or a copy of one. */
export interface RemoteLog {
  /** @throws LogUnreachable */
  checkpoint(): Promise<string>;
  /** @throws LogUnreachable */
  readonly readTile: ReadTile;
}

/** What was asked of a log did not come. */
export class LogUnreachable extends Unavailable {
  override readonly name = 'LogUnreachable';
}

const WITHIN_MS = 30_000;
/** As long as a note may be; a tile is far shorter. */
const MOST_BYTES = 1_000_000;

/** @param place a URL whose files tlog-tiles names, or a folder that has them */
export function openRemoteLog(place: string): RemoteLog {
  const read = /^https?:\/\//.test(place) ? overHttp(place) : fromFolder(place);
  const needed = async (path: string): Promise<Buffer> => {
    const content = await read(path);
    if (!content) throw new LogUnreachable(`${path} is not there`);
    return content;
  };
  return {
    checkpoint: async () => (await needed('checkpoint')).toString(),
    readTile: async (level, index, width) => {
      // A partial tile may be gone once the full one is there.
      const hashes =
        (await read(tilePath({ level, index, width }))) ??
        (await needed(tilePath({ level, index, width: EVENTS_A_TILE })));
      if (hashes.length < width * HASH_BYTES)
        throw new LogUnreachable(`${tilePath({ level, index, width })} is broken off`);
      return hashes.subarray(0, width * HASH_BYTES);
    },
  };
}

type ReadFile = (path: string) => Promise<Buffer | undefined>;

function overHttp(url: string): ReadFile {
  const prefix = url.replace(/\/+$/, '');
  return async (path) => {
    const unreachable = (cause: unknown): never => {
      throw new LogUnreachable(`${prefix}/${path} cannot be read`, { cause });
    };
    const response = await fetch(`${prefix}/${path}`, { signal: AbortSignal.timeout(WITHIN_MS) }).catch(
      unreachable,
    );
    if (response.status === 404) return undefined;
    if (!response.ok) return unreachable(new Error(`status ${response.status}`));
    return wholeBody(response).catch(unreachable);
  };
}

/** Whoever answers there must not fill our memory. */
async function wholeBody({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!body) return Buffer.alloc(0);
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`it is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function fromFolder(folder: string): ReadFile {
  return (path) =>
    readFile(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new LogUnreachable(`${path} cannot be read`, { cause: error });
    });
}
