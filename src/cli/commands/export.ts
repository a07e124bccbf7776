import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { exportJournal, journalFormats } from '../../books/export/export-journal.js';
import { parsePeriod } from '../../support/period.js';
import { untilCaughtUp } from '../caught-up.js';
import { createContext, withFoundation } from '../context.js';
import { progress } from '../output.js';

interface Options {
  readonly format: keyof typeof journalFormats;
  readonly from?: string;
  readonly to?: string;
}

/** `counterfoil export` */
export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write the journal to stdout as double-entry text for accounting tools')
    .addOption(new Option('--format <format>', 'how').choices(Object.keys(journalFormats)).default('hledger'))
    .option('--from <day|time>', 'first day, or time; what was before becomes an opening transaction')
    .option('--to <day|time>', 'last day (inclusive), or time (exclusive), in LEDGER_TIMEZONE')
    .action(async ({ format, from, to }: Options) => {
      const context = createContext();
      const { timezone } = context.config;
      const period = parsePeriod(from, to, timezone);
      await withFoundation(context, async (foundation) => {
        await untilCaughtUp(foundation);
        const shown = progress(context.terminal, 'entries');
        let entries = 0;
        const text = exportJournal(foundation.database.pool, {
          format: journalFormats[format],
          period,
          timezone,
          openTexts: foundation.vault.openTexts,
          onProgress: (written) => shown.at((entries = written)),
        });
        await pipeline(Readable.from(text), process.stdout, { end: false });
        shown.done(`${entries.toLocaleString('en-US')} entries exported`);
      });
    });
}
