import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A file was cut off or changed, is another file of the backup under this name, or the key is another one. */
export class CannotUnseal extends Error {
  override readonly name = 'CannotUnseal';
}

const MAGIC = Buffer.from('counterfoil-sealed/1\n');
const SALT_BYTES = 16;
const TAG_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const HEADER_BYTES = MAGIC.length + SALT_BYTES;
const KEY_BYTES = 32;
const [MORE, LAST] = [0, 1] as const;

/**
 * Bytes as ChaCha20-Poly1305 in chunks of 64 KiB, as age does it: each chunk is authenticated with its number and whether it is the last,
 * so that a file can be read as it comes and yet not be cut off, or its chunks be moved. The key is one of this file alone; `name` is bound
 * to it, so that no file of a backup can stand for another.
 */
export async function* seal(
  plain: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  name: string,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const fileKey = fileKeyOf(key, salt, name);
  yield Buffer.concat([MAGIC, salt]);
  let number = 0;
  for await (const { chunk, last } of chunksOf(plain, CHUNK_BYTES)) {
    const nonce = nonceOf(number++, last);
    const cipher = createCipheriv('chacha20-poly1305', fileKey, nonce, { authTagLength: TAG_BYTES });
    yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  }
}

/** What was sealed under this key and name; each chunk comes once it is known to be right. @throws CannotUnseal */
export async function* unseal(
  sealed: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  name: string,
): AsyncGenerator<Buffer> {
  let fileKey: Buffer | undefined;
  let number = 0;
  for await (const { chunk, last } of chunksOf(
    behindHeader(sealed, key, name, (found) => (fileKey = found)),
    CHUNK_BYTES + TAG_BYTES,
  )) {
    if (!fileKey || chunk.length < TAG_BYTES) throw new CannotUnseal(`${name} is cut off`);
    const decipher = createDecipheriv('chacha20-poly1305', fileKey, nonceOf(number++, last), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(chunk.subarray(chunk.length - TAG_BYTES));
    const plain = decipher.update(chunk.subarray(0, chunk.length - TAG_BYTES));
    try {
      decipher.final();
    } catch (cause) {
      throw new CannotUnseal(
        `${name} does not open with this key: it was changed or cut off, or is another file`,
        {
          cause,
        },
      );
    }
    yield plain;
  }
}

async function* behindHeader(
  sealed: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  name: string,
  onKey: (fileKey: Buffer) => void,
): AsyncGenerator<Uint8Array> {
  let header: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of sealed) {
    if (!header) {
      yield piece;
      continue;
    }
    header = Buffer.concat([header, piece]);
    if (header.length < HEADER_BYTES) continue;
    if (!header.subarray(0, MAGIC.length).equals(MAGIC))
      throw new CannotUnseal(`${name} does not begin as a sealed file does`);
    onKey(fileKeyOf(key, header.subarray(MAGIC.length, HEADER_BYTES), name));
    yield header.subarray(HEADER_BYTES);
    header = undefined;
  }
  if (header) throw new CannotUnseal(`${name} is cut off`);
}

/** Chunks of exactly so many bytes, but the last one, which may be shorter, and empty only when there is no other. */
async function* chunksOf(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly chunk: Buffer; readonly last: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of bytes) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    // One that is full waits until something comes behind it: only then it is known not to be the last.
    while (rest.length > size) {
      yield { chunk: rest.subarray(0, size), last: false };
      rest = rest.subarray(size);
    }
  }
  yield { chunk: rest, last: true };
}

const fileKeyOf = (key: Uint8Array, salt: Uint8Array, name: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, `counterfoil backup file ${name}`, KEY_BYTES));

/** Eleven bytes that count and one that says whether it is the last: never twice under one key. */
function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 3);
  nonce[11] = last ? LAST : MORE;
  return nonce;
}
