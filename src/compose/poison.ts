import type { CommandMeta } from '../commands/handling/command.js';
import { isOwnStream } from '../domain/streams.js';
import { type Skipped, skipOf } from '../domain/ledger/state.js';
import { BEFORE_FIRST, type RecordedEvent } from '../eventstore/event-store.js';
import { SkippedPlaces } from '../eventstore/skipped-places.js';
import { ledgerProjections } from '../projections/all-projections.js';
import { slowestPosition } from '../projections/runtime/checkpoints.js';
import { eventAt, inapplicable, type Obstacle, obstaclesIn } from '../projections/runtime/obstacles.js';
import type { AnyLog } from './any-log.js';

/** What keeps the ledger's tables from going on, for a person who decides about it. */
export interface PoisonedLog {
  /** In the order it was. */
  readonly skipped: readonly Skipped[];
  /** All that is left in the way from where the tables are to the log's end. */
  obstacles(): Promise<readonly Obstacle[]>;
  /** What is in the way at a place; undefined where nothing is. */
  at(position: bigint): Promise<Obstacle | undefined>;
  /** What stands at a place, whoever's it is. */
  event(position: bigint): Promise<RecordedEvent | undefined>;
}

/**
 * Says that nothing is to be made of what is in the way at a place. `known`: that was said before; `free`: nothing is in the way.
 * @throws WrongLog when the log is another ledger's
 */
export async function skipObstacle(
  log: AnyLog,
  { position, reason }: Pick<Skipped, 'position' | 'reason'>,
  meta: CommandMeta,
): Promise<'skipped' | 'known' | 'free'> {
  const poison = await lookForPoison(log);
  const obstacle = await poison.at(position);
  const event = (await poison.event(position)) ?? null;
  if (skipOf(poison.skipped, { position, event })) return 'known';
  if (!obstacle) return 'free';
  await log.skip({ position, event: eventOf(obstacle), reason }, meta);
  return 'skipped';
}

const eventOf = ({ event }: Obstacle): Skipped['event'] =>
  event ? { id: event.id, stream: event.stream, revision: event.revision, type: event.type } : null;

/** @throws WrongLog when the log is another ledger's */
export async function lookForPoison(log: AnyLog): Promise<PoisonedLog> {
  const {
    database: { pool },
    store,
  } = log;
  const our = await log.ours();
  const looked = { store, isOurs: isOwnStream, sealFault: our.sealFault };
  const names = ledgerProjections.map(({ name }) => name);
  const after = (await slowestPosition(pool, names)) ?? BEFORE_FIRST;
  const places = new SkippedPlaces(our.skipped);
  // Only places that there are in the log can be read from.
  const placeBefore = (position: bigint): bigint => {
    if (store.positions === 'gap-free') return position - 1n;
    return position > after ? after : BEFORE_FIRST;
  };
  const refused = () => inapplicable(pool, our.store, { projections: ledgerProjections, after });
  return {
    skipped: our.skipped,
    obstacles: async () => {
      const next = await refused();
      return [...(await obstaclesIn(looked, { after })), ...(next ? [next] : [])]
        .filter(({ position, event }) => !(event ? places.has(event) : places.isGivenUp(position)))
        .sort((a, b) => (a.position < b.position ? -1 : 1));
    },
    at: async (position) => {
      const stretch = { after: placeBefore(position), until: position };
      const found = await obstaclesIn(looked, stretch);
      const here = found.find((obstacle) => obstacle.position === position);
      if (here) return here;
      const next = await refused();
      return next?.position === position ? next : undefined;
    },
    event: (position) => eventAt(store, position, placeBefore(position)),
  };
}
