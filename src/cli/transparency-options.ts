import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { NotAVerifierKey, readVerifierKey, type VerifierKey } from '../transparency/note-keys.js';
import { BadReceipt, type Trusted } from '../transparency/receipt.js';
import { exitCodes, UsageError } from './exit-codes.js';
import { processTerminal, toJson } from './output.js';

/** Of an option that may be given several times. */
export const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** @throws UsageError */
export const readKeys = (texts: readonly string[]): readonly VerifierKey[] => texts.map(readKey);

function readKey(text: string): VerifierKey {
  try {
    return readVerifierKey(text);
  } catch (error) {
    if (error instanceof NotAVerifierKey) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws UsageError */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`${option} is a number`);
  return Number(text);
}

/** Whom a file is checked by. */
export interface TrustOptions {
  readonly key: readonly string[];
  readonly witness?: readonly string[];
  readonly quorum: string;
  readonly json?: boolean;
}

/** What a command that checks a file offline is told. */
export const addTrustOptions = (command: Command): Command =>
  command
    .requiredOption(
      '--key <vkey>',
      'of the log, as it was told to you by another way; several may be given',
      several,
    )
    .option('--witness <vkey>', 'of a witness; several may be given', several)
    .option('--quorum <n>', 'how many of the witnesses must have seen the checkpoint', '0')
    .option('--json', 'print JSON');

/** Checks a file and prints what it proves, or why it proves nothing. @throws UsageError where it cannot be read */
export async function reportChecked<Proved extends object>(
  file: string,
  options: TrustOptions,
  check: (text: string, trusted: Trusted) => Proved,
  told: (proved: Proved) => string,
): Promise<void> {
  const trusted = {
    logKeys: readKeys(options.key),
    witnessKeys: readKeys(options.witness ?? []),
    quorum: wholeNumber('--quorum', options.quorum),
  };
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`);
  });
  try {
    const proved = check(text, trusted);
    processTerminal.out(options.json ? toJson({ ok: true, ...proved }) : told(proved));
  } catch (error) {
    if (!(error instanceof BadReceipt)) throw error;
    processTerminal.out(
      options.json ? toJson({ ok: false, reason: error.message }) : `FAILED: ${error.message}`,
    );
    process.exitCode = exitCodes.differences;
  }
}
