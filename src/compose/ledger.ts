import type { LogGuard } from '../commands/ledger/log-guard.js';
import { TablesGuard } from '../commands/ledger/tables-guard.js';
import type { EventStore } from '../eventstore/event-store.js';
import type { Seals } from '../eventstore/seals.js';
import { createPersonKeyVault } from '../stores/person-keys.js';
import { readInstance, readKeyring, verifyMasterKey } from '../stores/ledger-instance.js';
import { createReadModels } from '../projections/create-read-models.js';
import { allProjections, ledgerProjections } from '../projections/all-projections.js';
import { type CachedBalance, lastSettled } from '../balance/cached-balance.js';
import type { LeasedBalance } from '../balance/hold-leasing.js';
import type { ReadModels } from '../projections/read-models.js';
import { readCheckpoints } from '../projections/runtime/checkpoints.js';
import { PositionWaiter } from '../projections/runtime/waiter.js';
import { createKeyring, type Keyring } from '../support/keyring.js';
import type { PersonalDataVault } from '../support/personal-data-vault.js';
import { openCachedBalance } from './cached-balance.js';
import { type Database, openDatabase } from './database.js';
import { openEventStore } from './event-store.js';
import { type LogObserver, logKindOf, lookWithCache, openLogGuard, recogniseLog } from './log-guard.js';
import { readMasterKey } from './master-key.js';
import { openSeals } from './seals.js';
import type { Base } from './base.js';

/** The log, the database and the keys: what every process and every command of the CLI needs. */
export interface Foundation extends Base {
  readonly database: Database;
  readonly store: EventStore;
  /** Made with the database, and what the log's first event says: a UUID. */
  readonly ledgerId: string;
  /** How often an older copy of the log was accepted. */
  readonly generation: number;
  /** Knows whether the log is this ledger's. */
  readonly guard: LogGuard;
  /** What events are sealed by, and known by. */
  readonly seals: Seals;
  /** Events of others that were met in the log since the start. */
  readonly foreignEvents: () => number;
  readonly keyring: Keyring;
  readonly vault: PersonalDataVault;
}

/**
 * Opens them in order. `observeLog` is told of every look at the log, the first one included.
 * @throws WrongMasterKey for a database that was begun with another master key; WrongLog for a log that is another ledger's, or older
 */
export async function openFoundation(
  base: Base,
  observeLog?: (base: Base & { readonly database: Database }) => LogObserver,
): Promise<Foundation> {
  const masterKey = await readMasterKey(base.config);
  const database = await openDatabase(base);
  const ledgerId = await verifyMasterKey(database.pool, createKeyring(masterKey));
  const keyring = await readKeyring(database.pool, masterKey);
  database.expect(ledgerId);
  const seals = await openSeals(database, masterKey);
  const onLook = observeLog?.({ ...base, database });
  const guard = openLogGuard({ ...base, database, seals, onLook });
  let foreign = 0;
  const store = await openEventStore({
    ...base,
    database,
    guard,
    seals,
    onForeign: (events) => void (foreign += events),
  });
  const generation = await recogniseLog(
    guard,
    { ...base, database, store },
    await readInstance(database.pool),
  );
  return {
    ...base,
    database,
    store,
    guard,
    seals,
    foreignEvents: () => foreign,
    ledgerId,
    generation,
    keyring,
    vault: createPersonKeyVault(database.pool, keyring),
  };
}

/** Under this name processes tell projectors that somebody waits for what is in the log. */
export const AWAITED = 'read_models_awaited';

/** The foundation with the read side on it. */
export interface Ledger extends Foundation {
  readonly cache: LeasedBalance;
  /** Knows whether the read models may be told from. */
  readonly tables: TablesGuard;
  readonly waiter: PositionWaiter;
  readonly readModels: ReadModels;
}

const ledgerNames = ledgerProjections.map(({ name }) => name);

/** @param onFatal called when the process may not go on */
export async function openLedger(foundation: Foundation, onFatal: (error: Error) => void): Promise<Ledger> {
  const { database, vault } = foundation;
  const cache = await openCachedBalance({ ...foundation, onFatal });
  await lookWithCache(foundation, cache);
  const tables = openTablesGuard(foundation, cache);
  const waiter = new PositionWaiter({
    db: database.pool,
    projections: ledgerNames,
    onPassed: (position) => tables.saw(position),
    cachePosition: () => cache.appliedPosition(),
    hurryElsewhere: () => database.pool.query(`SELECT pg_notify('${AWAITED}', '')`),
  });
  for (const change of ['connect', 'remove'] as const)
    database.pool.on(change, () => {
      tables.unsettle();
      waiter.forget();
    });
  const openPersonal = (sealed: Parameters<PersonalDataVault['open']>[0]) => vault.open(sealed);
  return {
    ...foundation,
    cache,
    tables,
    waiter,
    readModels: createReadModels({
      pool: database.pool,
      openPersonal,
      openTexts: vault.openTexts,
      waiter,
      head: () => foundation.store.head(),
      settledAt: async (accountId) => lastSettled(await cache.view(`account:${accountId}`)),
    }),
  };
}

function openTablesGuard({ config, database, guard }: Foundation, cache: CachedBalance): TablesGuard {
  const names = allProjections(config.timezone).map(({ name }) => name);
  return new TablesGuard({
    log: guard,
    kind: logKindOf(config),
    ledgerProjections: ledgerNames,
    cached: () => cache.appliedPosition(),
    readReached: async () => {
      const checkpoints = await readCheckpoints(database.pool, names, 'live');
      return new Map(checkpoints.map(({ projection, position }) => [projection, position]));
    },
  });
}
