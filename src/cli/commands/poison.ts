import { type Command, InvalidArgumentError } from 'commander';
import type { AnyLog } from '../../compose/any-log.js';
import { lookForPoison, type PoisonedLog, skipObstacle } from '../../compose/poison.js';
import { type Skipped, skipOf } from '../../domain/ledger/state.js';
import type { Obstacle } from '../../projections/runtime/obstacles.js';
import { createContext, withLogAsItIs } from '../context.js';
import { UsageError } from '../exit-codes.js';
import { operatorMeta } from '../operator.js';
import { type Row, table, type Terminal, toJson } from '../output.js';

interface SkipOptions {
  readonly position: bigint;
  readonly reason: string;
  readonly by: string;
}

/** `counterfoil poison list|show|skip` */
export function addPoisonCommands(program: Command): void {
  const group = program
    .command('poison')
    .description('events that the ledger can neither use nor go past, and the way past them');
  addReports(group);
  group
    .command('skip')
    .description('make nothing of what stands at a place of the log, for good; an event of its own says so')
    .requiredOption('--position <position>', 'of the log', readPosition)
    .requiredOption('--reason <text>', 'why, 1 to 500 characters')
    .requiredOption('--by <name>', 'who decided it: an operator')
    .action((options: SkipOptions) => {
      const meta = operatorMeta(options);
      const { position, reason } = options;
      return withPoison(async (_, terminal, found) => {
        const said = await skipObstacle(found, { position, reason }, meta);
        if (said === 'known') return terminal.err(`position ${position} was skipped before`);
        if (said === 'free')
          throw new UsageError(
            `nothing is in the way at position ${position}: only what stops the ledger can be skipped`,
          );
        terminal.err(
          `position ${position} is skipped: every process knows it within seconds and goes on by itself. Statistics that counted it before are put right by counterfoil rebuild statistics --accept`,
        );
      });
    });
}

function addReports(group: Command): void {
  group
    .command('list')
    .description('what is in the way from where the tables are, and what was skipped before')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) =>
      withPoison(async (poison, terminal) => {
        const [obstacles, skipped] = [await poison.obstacles(), poison.skipped];
        if (options.json) return terminal.out(toJson({ obstacles: obstacles.map(viewOf), skipped }));
        terminal.out(table(['position', 'event', 'place', 'reason'], obstacles.map(viewOf)));
        if (skipped.length > 0)
          terminal.out(`\n${table(['skipped', 'event', 'place', 'reason', 'by'], skipped.map(skippedRow))}`);
      }),
    );
  group
    .command('show')
    .description('what stands at a place of the log, with its data, and why the ledger cannot go past it')
    .requiredOption('--position <position>', 'of the log', readPosition)
    .action(({ position }: { position: bigint }) =>
      withPoison(async (poison, terminal) => {
        const event = (await poison.event(position)) ?? null;
        const obstacle = await poison.at(position);
        if (!event && !obstacle) throw new UsageError(`nothing stands at position ${position}`);
        const skipped = skipOf(poison.skipped, { position, event }) ?? null;
        terminal.out(toJson({ position, event, reason: obstacle?.reason ?? null, skipped }));
      }),
    );
}

function withPoison(
  run: (poison: PoisonedLog, terminal: Terminal, found: AnyLog) => void | Promise<void>,
): Promise<void> {
  const context = createContext();
  return withLogAsItIs(context, async (found) => run(await lookForPoison(found), context.terminal, found));
}

const viewOf = ({ position, event, reason }: Obstacle): Row => ({
  position: position.toString(),
  event: event?.type ?? null,
  place: event ? `revision ${event.revision} of ${event.stream}` : null,
  reason,
});

const skippedRow = ({ position, event, reason, by }: Skipped): Row => ({
  skipped: position.toString(),
  event: event?.type ?? null,
  place: event ? `revision ${event.revision} of ${event.stream}` : null,
  reason,
  by,
});

function readPosition(text: string): bigint {
  if (!/^\d{1,19}$/.test(text)) throw new InvalidArgumentError('a position is a whole number');
  return BigInt(text);
}
