import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createReceipts } from '../../books/receipts.js';
import { transparencyParts } from '../../compose/transparency.js';
import { checkReceipt, type ProvedEvent } from '../../transparency/receipt.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { addTrustOptions, reportChecked, type TrustOptions } from '../transparency-options.js';

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
  addTrustOptions(
    receipt
      .command('check <file>')
      .description(
        'check a receipt with nothing but the key of its log: no service, no database, no network',
      ),
  ).action((file: string, options: TrustOptions) => reportChecked(file, options, checkReceipt, told));
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
