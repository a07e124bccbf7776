import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createReceipts } from '../../books/receipts.js';
import { transparencyParts } from '../../compose/transparency.js';
import { BadReceipt, checkReceipt, type ProvedEvent } from '../../transparency/receipt.js';
import { createContext, withFoundation } from '../context.js';
import { exitCodes, UsageError } from '../exit-codes.js';
import { processTerminal, toJson } from '../output.js';
import { readKeys, several, wholeNumber } from '../transparency-options.js';

interface CheckOptions {
  readonly key: readonly string[];
  readonly witness?: readonly string[];
  readonly quorum: string;
  readonly json?: boolean;
}

/** `counterfoil receipt <figure>` and `counterfoil receipt check <file>` */
export function addReceiptCommands(program: Command): void {
  const receipt = program
    .command('receipt')
    .description(
      'write a receipt for a payment, refund, adjustment or call: it proves that the ledger wrote it down',
    )
    .argument('[figure]', 'its id')
    .option('--user <external id>', 'of this user alone')
    .option('--out <file>', 'instead of printing it')
    .action(async (figure: string | undefined, { user, out }: { user?: string; out?: string }) => {
      if (figure === undefined) throw new UsageError('say the id of a payment, refund, adjustment or call');
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const isOn = foundation.config.transparency.mode !== 'off';
        const receipts = createReceipts({ ...transparencyParts(foundation), isOn });
        const text = await receipts.of({ figure, externalUserId: user });
        if (out === undefined) context.terminal.out(text.trimEnd());
        else await writeFile(out, text);
      });
    });
  receipt
    .command('check <file>')
    .description('check a receipt with nothing but the key of its log: no service, no database, no network')
    .requiredOption(
      '--key <vkey>',
      'of the log, as it was told to you by another way; several may be given',
      several,
    )
    .option('--witness <vkey>', 'of a witness; several may be given', several)
    .option('--quorum <n>', 'how many of the witnesses must have seen the checkpoint', '0')
    .option('--json', 'print JSON')
    .action(async (file: string, options: CheckOptions) => {
      const trusted = {
        logKeys: readKeys(options.key),
        witnessKeys: readKeys(options.witness ?? []),
        quorum: wholeNumber('--quorum', options.quorum),
      };
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`);
      });
      report(() => checkReceipt(text, trusted), options.json === true);
    });
}

function report(check: () => ProvedEvent, asJson: boolean): void {
  try {
    const proved = check();
    processTerminal.out(asJson ? toJson({ ok: true, ...proved }) : told(proved));
  } catch (error) {
    if (!(error instanceof BadReceipt)) throw error;
    processTerminal.out(asJson ? toJson({ ok: false, reason: error.message }) : `FAILED: ${error.message}`);
    process.exitCode = exitCodes.differences;
  }
}

const told = ({
  origin,
  size,
  index,
  recordedAt,
  stream,
  revision,
  type,
  data,
  witnesses,
}: ProvedEvent): string =>
  [
    `OK: entry ${index} of ${size} of ${origin}`,
    `${type} at ${recordedAt}, revision ${revision} of ${stream}`,
    data,
    ...witnesses.map(({ name, seenAt }) => `seen by ${name}${seenAt === undefined ? '' : ` at ${seenAt}`}`),
  ].join('\n');
