import { type Command, InvalidArgumentError, Option } from 'commander';
import type pg from 'pg';
import { eventsOfUser } from '../../books/audit/events.js';
import { withCurrentSnapshot } from '../../books/audit/snapshot.js';
import { BEFORE_FIRST, type EventStore, type RecordedEvent } from '../../eventstore/event-store.js';
import { createContext, withFoundation } from '../context.js';
import { table, type Terminal, toJson } from '../output.js';

const PAGE = 500;
/** So long the tables may be behind the log. */
const PATIENCE_MS = 10_000;
/** The doorbell may be lost: look anyway now and then. */
const LOOK_AGAIN_MS = 2_000;

interface ReadOptions {
  readonly stream?: string;
  readonly account?: string;
  readonly after: bigint;
  readonly limit: number;
}

/** `counterfoil events read|tail` */
export function addEventCommands(program: Command): void {
  const group = program.command('events').description('look at the log');
  group
    .command('read')
    .description('print events, oldest first')
    .option('--stream <name>', 'of one stream')
    .addOption(new Option('--account <user>', "of an account, by its user's external id").conflicts('stream'))
    .addOption(
      // Named, since commander's help cannot print a bigint.
      new Option('--after <position>', 'only events after this position of the log')
        .argParser(wholeNumber)
        .default(BEFORE_FIRST, 'the whole log'),
    )
    .option('--limit <count>', 'at most so many', count, 100)
    .option('--json', 'one JSON object a line, with the data')
    .action(async (options: ReadOptions & { json?: boolean }) => {
      const context = createContext();
      await withFoundation(context, async ({ store, database }) => {
        for await (const page of read(store, database.pool, options))
          print(context.terminal, page, options.json);
      });
    });
  group
    .command('tail')
    .description('print events as they are appended, until interrupted')
    .option('--json', 'one JSON object a line, with the data')
    .action(async (options: { json?: boolean }) => {
      const context = createContext();
      await withFoundation(context, ({ store }) => tail(store, context.terminal, options.json));
    });
}

/** Page by page, so that a long reading neither fills the memory nor goes on when nobody listens any more. */
async function* read(
  store: EventStore,
  pool: pg.Pool,
  { stream, account, after, limit }: ReadOptions,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let from = 0n, last = after, left = limit; left > 0;) {
    const wanted = Math.min(PAGE, left);
    if (stream !== undefined) {
      const page = await store.readStream(stream, { from, limit: wanted });
      const found = page.filter(({ position }) => position > after);
      yield found;
      if (page.length < wanted) return;
      from += BigInt(page.length);
      left -= found.length;
    } else if (account !== undefined) {
      const place = { after: last, limit: wanted };
      const page = await withCurrentSnapshot(pool, store, PATIENCE_MS, (snapshot) =>
        eventsOfUser(snapshot, store, account, place),
      );
      yield page;
      if (page.length < wanted) return;
      last = page.at(-1)?.position ?? last;
      left -= page.length;
    } else {
      const page = await store.readAll({ after: last, limit: wanted });
      yield page.events;
      if (page.atEnd) return;
      last = page.position;
      left -= page.events.length;
    }
  }
}

async function tail(store: EventStore, terminal: Terminal, json: boolean | undefined): Promise<void> {
  let interrupted = false;
  let wake: () => void = () => undefined;
  const stop = () => {
    interrupted = true;
    wake();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const unsubscribe = store.subscribe(() => wake());
  for (let after = await store.head(); !interrupted;) {
    const page = await store.readAll({ after, limit: PAGE });
    for (const event of page.events) terminal.out(json ? jsonLine(event) : textLine(event));
    after = page.position;
    if (page.atEnd && !interrupted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_AGAIN_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  unsubscribe();
}

function print(terminal: Terminal, events: readonly RecordedEvent[], json: boolean | undefined): void {
  if (json) return events.forEach((event) => terminal.out(jsonLine(event)));
  if (events.length === 0) return;
  const rows = events.map(({ position, stream, revision, type, recordedAt }) => ({
    position: position.toString(),
    'recorded at': recordedAt.toISOString(),
    type,
    stream,
    revision: revision.toString(),
  }));
  terminal.out(table(['position', 'recorded at', 'type', 'stream', 'revision'], rows));
}

const textLine = ({ position, stream, revision, type, recordedAt }: RecordedEvent) =>
  `${position}  ${recordedAt.toISOString()}  ${type}  ${stream}@${revision}`;

const jsonLine = (event: RecordedEvent) => JSON.stringify(JSON.parse(toJson(event)));

function wholeNumber(text: string): bigint {
  if (!/^-?\d{1,18}$/.test(text)) throw new InvalidArgumentError('a position is a whole number');
  return BigInt(text);
}

function count(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('a count is a whole number from 1');
  return Number(text);
}
