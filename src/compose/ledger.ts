import type { EventStore } from '../eventstore/event-store.js';
import { createPersonKeyVault } from '../stores/person-keys.js';
import { verifyMasterKey } from '../stores/ledger-instance.js';
import { createReadModels } from '../projections/create-read-models.js';
import { ledgerProjections } from '../projections/all-projections.js';
import type { CachedBalance } from '../balance/cached-balance.js';
import type { ReadModels } from '../projections/read-models.js';
import { PositionWaiter } from '../projections/runtime/waiter.js';
import { createKeyring, type Keyring } from '../support/keyring.js';
import type { PersonalDataVault } from '../support/personal-data-vault.js';
import { openCachedBalance } from './cached-balance.js';
import { type Database, openDatabase } from './database.js';
import { openEventStore } from './event-store.js';
import { readMasterKey } from './master-key.js';
import type { Base } from './base.js';

/** The log, the database and the keys: what every process and every command of the CLI needs. */
export interface Foundation extends Base {
  readonly database: Database;
  readonly store: EventStore;
  /** Made with the database: a UUID. */
  readonly ledgerId: string;
  readonly keyring: Keyring;
  readonly vault: PersonalDataVault;
}

/** Opens them in order and refuses a database that was begun with another master key. */
export async function openFoundation(base: Base): Promise<Foundation> {
  const keyring = createKeyring(await readMasterKey(base.config));
  const database = await openDatabase(base);
  const ledgerId = await verifyMasterKey(database.pool, keyring);
  const store = openEventStore({ ...base, database });
  return {
    ...base,
    database,
    store,
    ledgerId,
    keyring,
    vault: createPersonKeyVault(database.pool, keyring),
  };
}

/** The foundation with the read side on it. */
export interface Ledger extends Foundation {
  readonly cache: CachedBalance;
  readonly waiter: PositionWaiter;
  readonly readModels: ReadModels;
}

/** @param onFatal called when the process may not go on */
export async function openLedger(foundation: Foundation, onFatal: (error: Error) => void): Promise<Ledger> {
  const { database, vault } = foundation;
  const cache = await openCachedBalance({ ...foundation, onFatal });
  const waiter = new PositionWaiter({
    db: database.pool,
    projections: ledgerProjections.map(({ name }) => name),
    cachePosition: () => cache.appliedPosition(),
  });
  const openPersonal = (sealed: Parameters<PersonalDataVault['open']>[0]) => vault.open(sealed);
  return {
    ...foundation,
    cache,
    waiter,
    readModels: createReadModels({ pool: database.pool, openPersonal, waiter }),
  };
}
