import type { LedgerInstance, LogKind } from '../commands/ledger/expected-log.js';
import { LogGuard } from '../commands/ledger/log-guard.js';
import type { Witness } from '../commands/ledger/witnesses.js';
import { appliedEventText, readAppliedEventText } from '../eventstore/applied-event-json.js';
import { BEFORE_FIRST, type EventStore } from '../eventstore/event-store.js';
import type { Seals } from '../eventstore/seals.js';
import type { WrongLog } from '../eventstore/wrong-log.js';
import { isUnavailable } from '../support/unavailable.js';
import { allProjections } from '../projections/all-projections.js';
import { readCheckpoints } from '../projections/runtime/checkpoints.js';
import { noteLog, readInstance } from '../stores/ledger-instance.js';
import type { Config } from '../config.js';
import type { CachedBalance } from '../balance/cached-balance.js';
import type { Base } from './base.js';
import { cannotStart } from './cannot-start.js';
import type { Database } from './database.js';

/** Where the configuration says that the log is. */
export const logKindOf = ({ eventStoreUrl }: Pick<Config, 'eventStoreUrl'>): LogKind =>
  eventStoreUrl === undefined ? 'postgres' : 'eventstoredb';

export type LogObserver = (doubt: WrongLog | undefined) => void;

/** What recognises the log of this database. */
export function openLogGuard({
  config,
  database: { pool, clock },
  log,
  seals,
  onLook,
}: Base & {
  readonly database: Database;
  readonly seals: Seals;
  /** Told of every look at the log. */
  readonly onLook?: LogObserver | undefined;
}): LogGuard {
  let told: WrongLog | undefined;
  const names = allProjections(config.timezone).map(({ name }) => name);
  return new LogGuard({
    kind: logKindOf(config),
    readInstance: () => readInstance(pool),
    noteLog: (found) => noteLog(pool, found),
    readApplied: async () => {
      const checkpoints = await readCheckpoints(pool, names, 'live');
      const applied = checkpoints.flatMap(({ lastEvent }) => lastEvent ?? []);
      // Most of them stand at the same event.
      return [...new Map(applied.map((event) => [event.position, event])).values()];
    },
    now: () => new Date(),
    clock,
    seals,
    sealedLog: config.sealedLog,
    onLook: (doubt) => {
      if (doubt?.message !== told?.message) {
        if (doubt) log.fatal({ reason: doubt.reason }, doubt.message);
        else log.info({}, 'the log is the right one again');
      }
      told = doubt;
      onLook?.(doubt);
    },
    onFault: (error) => log.warn({ err: error }, 'the log could not be looked at; it is tried again'),
  });
}

/**
 * The first look at the log, before anything is made of it or written into it.
 * @throws WrongLog; CannotStart when it cannot be reached, except for a relay, which waits for the log at its own door
 */
export async function recogniseLog(
  guard: LogGuard,
  {
    store,
    config,
    database,
  }: Pick<Base, 'config'> & {
    readonly store: Parameters<LogGuard['admit']>[0];
    readonly database: Database;
  },
  instance: LedgerInstance,
): Promise<number> {
  try {
    await guard.admit(store);
  } catch (error) {
    if (guard.doubt) throw guard.doubt;
    if (!isUnavailable(error)) throw error;
    if (config.role !== 'relay') throw cannotStart(serverOf(config, database), error);
  }
  return guard.ledger?.generation ?? instance.generation;
}

const serverOf = ({ eventStoreUrl }: Config, { url }: Database) =>
  eventStoreUrl === undefined
    ? { name: 'the event log in PostgreSQL', url, variable: 'DATABASE_URL' }
    : { name: 'the event store', url: eventStoreUrl, variable: 'EVENTSTORE_URL' };

/** Whether nothing is in the log but who it is: nobody can have used the ledger yet. @throws EventStoreUnavailable */
export async function isUnused({
  store,
  guard,
}: {
  readonly store: Pick<EventStore, 'head'>;
  readonly guard: LogGuard;
}): Promise<boolean> {
  const head = await store.head();
  return head === (guard.ledger?.position ?? BEFORE_FIRST);
}

/**
 * A cached balance that has seen more than the log has is newer than the log: nothing may be held against it.
 * @throws WrongLog; a log or a cache that is away is looked at later
 */
export async function lookWithCache(
  { guard, store }: { readonly guard: LogGuard; readonly store: EventStore },
  cache: Pick<CachedBalance, 'appliedPosition' | 'lastApplied' | 'noteSeen' | 'farthestSeen'>,
): Promise<void> {
  guard.addWitness({
    name: 'another process',
    seen: async () => {
      const { position, last } = (await cache.farthestSeen()) ?? {};
      return { position, last: readAppliedEventText(last) };
    },
    tell: ({ position, last }) =>
      position === undefined
        ? Promise.resolve()
        : cache.noteSeen({ position, last: last && appliedEventText(last) }),
  });
  await lookWith(guard, store, {
    name: 'the cached balance',
    seen: async () => ({
      position: await cache.appliedPosition(),
      last: readAppliedEventText(await cache.lastApplied()),
    }),
  });
}

/** From now on the log must reach what the witness has seen. @throws WrongLog */
export async function lookWith(guard: LogGuard, store: EventStore, witness: Witness): Promise<void> {
  guard.addWitness(witness);
  await guard.admit(store).catch((error: unknown) => {
    if (guard.doubt || !isUnavailable(error)) throw guard.doubt ?? error;
  });
}
