import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type BackupFile, NotWhole } from '../manifest.js';
import { seal, unseal } from '../sealing/sealed-stream.js';

/** The best ratio of size to time for lines of JSON: a sixth of the size at half the time of the default. */
const GZIP_LEVEL = 4;

/**
 * Writes text as a file of the folder, packed and, with a key, sealed; durable when it resolves.
 * @param file within the folder
 */
export async function writePacked(
  folder: string,
  file: string,
  text: AsyncIterable<string>,
  key: Uint8Array | undefined,
): Promise<BackupFile> {
  const sum = createHash('sha256');
  let bytes = 0;
  async function* measured(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      sum.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const path = join(folder, file);
  await rm(path, { force: true });
  await pipeline(
    Readable.from(text, { objectMode: false }),
    createGzip({ level: GZIP_LEVEL }),
    (packed: AsyncIterable<Buffer>) => measured(key ? seal(packed, key, file) : packed),
    // A new one: what somebody else laid there under its name may lead out of the folder.
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return { file, bytes, sha256: sum.digest('hex') };
}

/**
 * What was written, piece by piece, and at its end whether it was that: between `checkFile` and now somebody else could have put another file in
 * its place. Nothing of it counts before that.
 *
 * @throws NotWhole, CannotUnseal
 */
export async function* readPacked(
  folder: string,
  of: BackupFile,
  key: Uint8Array | undefined,
): AsyncGenerator<Buffer> {
  const { file } = of;
  const raw = Readable.from(asWritten(folder, of), { objectMode: false });
  const packed = key ? Readable.from(unseal(raw, key, file), { objectMode: false }) : raw;
  const plain = createGunzip();
  const piped = pipeline(packed, plain);
  piped.catch(() => undefined);
  try {
    for await (const chunk of plain) yield chunk as Buffer;
    await piped;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw new NotWhole(`${file} cannot be unpacked`, { cause: error });
    throw error;
  }
}

/** Compares a file with what the manifest says of it, without opening it. @throws NotWhole */
export async function checkFile(folder: string, of: BackupFile): Promise<void> {
  const pieces = asWritten(folder, of);
  while (!(await pieces.next()).done);
}

/** The bytes of a file, and no more than it had; ends well only where they are those that were written. @throws NotWhole */
async function* asWritten(folder: string, { file, bytes, sha256 }: BackupFile): AsyncGenerator<Buffer> {
  const path = join(folder, file);
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new NotWhole(`${file} is missing`) : error;
  });
  // A pipe or a device has no end.
  if (!there.isFile()) throw new NotWhole(`${file} is no file`);
  if (there.size !== bytes) throw new NotWhole(`${file} has ${there.size} bytes, and had ${bytes}`);
  const sum = createHash('sha256');
  if (bytes > 0)
    for await (const chunk of createReadStream(path, { end: bytes - 1 })) {
      sum.update(chunk as Buffer);
      yield chunk as Buffer;
    }
  if (sum.digest('hex') !== sha256) throw new NotWhole(`${file} was changed since it was written`);
}
