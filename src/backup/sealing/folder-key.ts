import { hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { CannotOpen, openBytes, sealBytes } from '../../support/keyring.js';
import { CannotUnseal } from './sealed-stream.js';

/** What a person has: words, or 32 bytes in a file. */
export type Secret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'key'; readonly key: Uint8Array };

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));

/** How the folder's own key is kept in its manifest: under a key that is made of the person's secret. */
export const encryptionSchema = z.discriminatedUnion('secret', [
  z.strictObject({
    secret: z.literal('passphrase'),
    salt: z.base64(),
    /** scrypt: log2 of N, and r. What an attempt costs; bounded, so that a manifest cannot ask for all memory. */
    log_n: z.int().min(14).max(20),
    r: z.literal(8),
    wrapped: z.base64(),
  }),
  z.strictObject({ secret: z.literal('key'), wrapped: z.base64() }),
]);
export type Encryption = z.infer<typeof encryptionSchema>;

const KEY_BYTES = 32;
const PURPOSE = 'counterfoil backup folder';
/** 128 MiB and a third of a second an attempt, as age has it within a factor of two. */
const LOG_N = 17;
const BLOCK_SIZE = 8;

/** A key for a new folder, and what its manifest says of it. */
export async function newFolderKey(
  secret: Secret,
): Promise<{ readonly key: Buffer; readonly encryption: Encryption }> {
  const key = randomBytes(KEY_BYTES);
  if (secret.kind === 'key') {
    const wrapped = sealBytes(wrappingKeyOf(secret.key), key, PURPOSE).toString('base64');
    return { key, encryption: { secret: 'key', wrapped } };
  }
  const salt = randomBytes(16);
  const wrapping = await stretch(secret.passphrase, salt, LOG_N);
  const wrapped = sealBytes(wrapping, key, PURPOSE).toString('base64');
  return {
    key,
    encryption: { secret: 'passphrase', salt: salt.toString('base64'), log_n: LOG_N, r: BLOCK_SIZE, wrapped },
  };
}

/** @throws CannotUnseal for another secret than the folder was begun with */
export async function openFolderKey(encryption: Encryption, secret: Secret | undefined): Promise<Buffer> {
  const asked = encryption.secret === 'key' ? '--key-file' : '--passphrase-file';
  if (!secret) throw new CannotUnseal(`the backup is encrypted: ${asked} is needed`);
  const wrapping = await wrappingKey(encryption, secret);
  if (!wrapping) throw new CannotUnseal(`the backup is encrypted otherwise: ${asked} is needed`);
  try {
    return openBytes(wrapping, base64.parse(encryption.wrapped), PURPOSE);
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    throw new CannotUnseal(`the ${encryption.secret} is not the one that the backup was encrypted with`);
  }
}

async function wrappingKey(encryption: Encryption, secret: Secret): Promise<Uint8Array | undefined> {
  if (encryption.secret === 'key') return secret.kind === 'key' ? wrappingKeyOf(secret.key) : undefined;
  if (secret.kind === 'key') return undefined;
  return stretch(secret.passphrase, base64.parse(encryption.salt), encryption.log_n);
}

const wrappingKeyOf = (key: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', 'counterfoil backup key file', KEY_BYTES));

/** Slow on purpose. Unicode has several ways to write a letter: the same one is taken whatever the keyboard sends. */
function stretch(passphrase: string, salt: Uint8Array, logN: number): Promise<Buffer> {
  const cost = { N: 2 ** logN, r: BLOCK_SIZE, p: 1, maxmem: 2 ** logN * BLOCK_SIZE * 128 * 2 };
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}
