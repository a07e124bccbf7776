import { type Command, InvalidArgumentError } from 'commander';
import { skipNumericIds } from '../../stores/numeric-ids.js';
import { openOrderedWriter } from '../../compose/event-store.js';
import type { Foundation } from '../../compose/ledger.js';
import { isUnused } from '../../compose/log-guard.js';
import { type CommandContext, createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { makeHistory, MIN_EVENTS_AN_ACCOUNT } from '../generate/history.js';
import { writeHistory, writeInOrder } from '../generate/write-history.js';
import { progress } from '../output.js';

interface Options {
  readonly seed: string;
  readonly accounts: number;
  readonly events: number;
  readonly from: Date;
}

/** `counterfoil generate` */
export function addGenerateCommand(program: Command): void {
  program
    .command('generate')
    .description('write a made-up, realistic history into an empty ledger, for trials and measurements')
    .requiredOption('--seed <text>', 'the same seed makes the same events', seed)
    .requiredOption('--accounts <count>', 'how many users there will be', count)
    .requiredOption(
      '--events <count>',
      `exactly so many; at least ${MIN_EVENTS_AN_ACCOUNT} an account`,
      count,
    )
    .option('--from <date>', 'the UTC day of the first calls; they go on for 90 days', day, day('2026-01-01'))
    .addHelpText(
      'after',
      '\nThe log dates every event itself: statistics and months are those of the day you generate on; only started_at of the calls is spread.\nCharges go to the streams that USAGE_STREAMS names: with process one append has many of them.',
    )
    .action(async (options: Options) => {
      if (options.events < options.accounts * MIN_EVENTS_AN_ACCOUNT)
        throw new UsageError(`--events: at least ${MIN_EVENTS_AN_ACCOUNT} for each account`);
      const context = createContext();
      await withFoundation(context, async (foundation) => {
        const { database } = foundation;
        if (!(await isUnused(foundation)))
          throw new UsageError('this ledger is not empty: generate writes only into one that was never used');
        // First, so that nobody who is synced later gets a number that the history has.
        await skipNumericIds(database.pool, options.accounts);
        const shown = progress(context.terminal, 'events written');
        const written = await write(context, foundation, options, (events) =>
          shown.at(events, options.events),
        );
        shown.done(`${written.toLocaleString('en-US')} events written`);
      });
    });
}

async function write(
  { config: { eventStoreUrl, usageStreams: streams } }: CommandContext,
  { store, seals }: Foundation,
  options: Options,
  onProgress: (events: number) => void,
): Promise<number> {
  const history = makeHistory({ ...options, streams });
  if (!eventStoreUrl) return writeHistory(store, history, onProgress, seals);
  const writer = await openOrderedWriter(eventStoreUrl);
  try {
    return await writeInOrder(writer, history, onProgress, seals);
  } finally {
    await writer.close();
  }
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a count is a whole number from 1');
  return Number(text);
}

function seed(text: string): string {
  if (!/^[A-Za-z0-9_.-]{1,30}$/.test(text))
    throw new InvalidArgumentError('a seed has 1 to 30 letters, digits, dots, dashes');
  return text;
}

function day(text: string): Date {
  const found = new Date(`${text}T00:00:00Z`);
  if (
    !/^\d{4}-\d\d-\d\d$/.test(text) ||
    Number.isNaN(found.getTime()) ||
    !found.toISOString().startsWith(text)
  )
    throw new InvalidArgumentError('a day is yyyy-mm-dd');
  return found;
}
