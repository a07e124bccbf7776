import { readFile } from 'node:fs/promises';
import type { Secret } from './folder-key.js';

/** Files that have what a backup is encrypted with: arguments and the environment are seen by others. */
export interface SecretFiles {
  /** The words are in its first line. */
  readonly passphraseFile?: string | undefined;
  /** 32 bytes, in base64. */
  readonly keyFile?: string | undefined;
}

/** A file cannot be read, or has no such secret. */
export class NoSecret extends Error {
  override readonly name = 'NoSecret';
}

const MIN_PASSPHRASE = 12;
const KEY_BYTES = 32;

/** Undefined where no file is named. @throws NoSecret */
export async function readSecret({ passphraseFile, keyFile }: SecretFiles): Promise<Secret | undefined> {
  if (passphraseFile !== undefined) {
    const passphrase = (await readText(passphraseFile)).split(/\r?\n/, 1)[0] ?? '';
    if (passphrase.length < MIN_PASSPHRASE)
      throw new NoSecret(`a passphrase has at least ${MIN_PASSPHRASE} characters`);
    return { kind: 'passphrase', passphrase };
  }
  if (keyFile === undefined) return undefined;
  const key = Buffer.from((await readText(keyFile)).trim(), 'base64');
  if (key.length !== KEY_BYTES)
    throw new NoSecret(
      `${keyFile} is no key: ${KEY_BYTES} bytes in base64 are expected (openssl rand -base64 32)`,
    );
  return { kind: 'key', key };
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: Error) => {
    throw new NoSecret(`${path} cannot be read: ${error.message}`);
  });
