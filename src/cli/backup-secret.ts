import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Secret } from '../backup/sealing/folder-key.js';
import { UsageError } from './exit-codes.js';

export interface SecretOptions {
  readonly passphraseFile?: string;
  readonly keyFile?: string;
}

/** What a backup is encrypted with comes from a file: arguments and the environment are seen by others. */
export const withSecretOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--passphrase-file <file>',
        'encrypted with the words in the first line of this file',
      ).conflicts('keyFile'),
    )
    .option(
      '--key-file <file>',
      'encrypted with the 32 bytes in this file, in base64 (openssl rand -base64 32)',
    );

const MIN_PASSPHRASE = 12;
const KEY_BYTES = 32;

/** Undefined where no option asks for one. @throws UsageError */
export async function readSecret({ passphraseFile, keyFile }: SecretOptions): Promise<Secret | undefined> {
  if (passphraseFile !== undefined) {
    const passphrase = (await readText(passphraseFile)).split(/\r?\n/, 1)[0] ?? '';
    if (passphrase.length < MIN_PASSPHRASE)
      throw new UsageError(`a passphrase has at least ${MIN_PASSPHRASE} characters`);
    return { kind: 'passphrase', passphrase };
  }
  if (keyFile === undefined) return undefined;
  const key = Buffer.from((await readText(keyFile)).trim(), 'base64');
  if (key.length !== KEY_BYTES)
    throw new UsageError(
      `${keyFile} is no key: ${KEY_BYTES} bytes in base64 are expected (openssl rand -base64 32)`,
    );
  return { kind: 'key', key };
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`${path} cannot be read: ${error.message}`);
  });
