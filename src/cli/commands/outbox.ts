import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { messageStates, type OutboxEntry } from '../../reactions/outbox/message.js';
import type { Outbox } from '../../reactions/outbox/outbox.js';
import { PostgresOutbox } from '../../reactions/outbox/postgres-outbox.js';
import { createContext, withFoundation } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { type Row, table, type Terminal, toJson } from '../output.js';

interface ListOptions {
  readonly state?: string;
  readonly receiver?: string;
  readonly source?: string;
  readonly limit: number;
  readonly before?: bigint;
  readonly json?: boolean;
}

/** `counterfoil outbox list|show|retry|discard` */
export function addOutboxCommands(program: Command): void {
  const group = program
    .command('outbox')
    .description('what follows from events outside the ledger: what waits, was sent, or could not be');
  addReports(group);
  group
    .command('retry [id]')
    .description('send a dead or discarded message again, or with --receiver all dead ones of that receiver')
    .option('--receiver <name>', 'all dead messages of this receiver')
    .requiredOption('--by <name>', 'who wants it')
    .action((id: string | undefined, { receiver, by }: { receiver?: string; by: string }) => {
      const which = id !== undefined ? [entryId(id)] : receiver !== undefined ? { receiver } : undefined;
      if (!which || (id !== undefined && receiver !== undefined))
        throw new UsageError('name one message, or a receiver with --receiver');
      return withOutbox(async (outbox, terminal) => {
        const count = await outbox.retry(which, operatorName(by));
        if (count === 0) throw new UsageError('no such message is dead');
        terminal.err(`${count} will be sent again`);
      });
    });
  group
    .command('discard <id>')
    .description('give up a dead or waiting message')
    .requiredOption('--by <name>', 'who wants it')
    .action((id: string, { by }: { by: string }) =>
      withOutbox(async (outbox, terminal) => {
        if ((await outbox.discard([entryId(id)], operatorName(by))) === 0)
          throw new UsageError(`no message ${id} is dead or waiting`);
        terminal.err(`${id} will not be sent`);
      }),
    );
}

function addReports(group: Command): void {
  group
    .command('list')
    .description('list messages, newest first')
    .option('--state <state>', `one of ${messageStates.join(', ')}`)
    .option('--receiver <name>', 'of this receiver')
    .option('--source <name>', 'of this reaction, or `alerts`')
    .option('--limit <count>', 'so many at most', readLimit, 50)
    .option('--before <number>', 'older than the message of this sequence', readNumber)
    .option('--json', 'print JSON')
    .action((options: ListOptions) => {
      const state = messageStates.find((each) => each === options.state);
      if (options.state !== undefined && !state)
        throw new UsageError(`--state is one of ${messageStates.join(', ')}`);
      return withOutbox(async (outbox, terminal) => {
        const { limit, receiver, source, before } = options;
        const found = await outbox.list({ state, receiver, source, before, limit: limit + 1 });
        const entries = found.slice(0, limit);
        const next = found.length > limit ? entries.at(-1)?.sequence : undefined;
        terminal.out(options.json ? toJson({ entries, next }) : table(COLUMNS, entries.map(rowOf)));
        if (next !== undefined) terminal.err(`there are more: --before ${next}`);
      });
    });
  group
    .command('show <id>')
    .description('show one message with its payload')
    .action((id: string) =>
      withOutbox(async (outbox, terminal) => {
        const entry = await outbox.find(entryId(id));
        if (!entry) throw new UsageError(`there is no message ${id}`);
        terminal.out(toJson(entry));
      }),
    );
}

const COLUMNS = ['id', 'state', 'receiver', 'kind', 'source', 'created', 'next', 'attempts', 'fault'];

const rowOf = (entry: OutboxEntry): Row => ({
  id: entry.id,
  state: entry.state,
  receiver: entry.receiver,
  kind: entry.kind,
  source: entry.source,
  created: entry.createdAt.toISOString(),
  next: entry.state === 'waiting' ? entry.dueAt.toISOString() : null,
  attempts: String(entry.attempts),
  fault: entry.lastFault ?? null,
});

function entryId(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new UsageError(`${text} is no id of a message`);
  return text;
}

function operatorName(by: string): string {
  if (!/^[\w.@-]{1,100}$/.test(by)) throw new UsageError('--by is a name of letters, digits, . _ @ -');
  return `operator:${by}`;
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new InvalidArgumentError('a number from 1 to 1000');
  return limit;
}

function readNumber(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return BigInt(text);
}

function withOutbox(run: (outbox: Outbox, terminal: Terminal) => Promise<void>): Promise<void> {
  const context = createContext();
  return withFoundation(context, ({ database }) => run(new PostgresOutbox(database.pool), context.terminal));
}
