import { type Command, Option } from 'commander';
import type { Secret } from '../backup/sealing/folder-key.js';
import { NoSecret, readSecret as readFiles, type SecretFiles } from '../backup/sealing/read-secret.js';
import { UsageError } from './exit-codes.js';

export type SecretOptions = SecretFiles;

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

/** Undefined where no option asks for one. @throws UsageError */
export const readSecret = (options: SecretOptions): Promise<Secret | undefined> =>
  readFiles(options).catch((error: unknown) => {
    throw error instanceof NoSecret ? new UsageError(error.message) : error;
  });
