import { randomUUID } from 'node:crypto';
import type { CommandMeta } from '../commands/handling/command.js';
import { acceptLog } from '../commands/ledger/accept-log.js';
import { assertKind, assertRightLog, readLedger } from '../commands/ledger/recognise-log.js';
import { readLogHistory } from '../commands/move/log-history.js';
import type { EventStore } from '../eventstore/event-store.js';
import { withOriginalTimes } from '../eventstore/original-times.js';
import { setBack } from '../reactions/following/places.js';
import { adoptLedger, noteLog, readInstance, verifyMasterKey } from '../stores/ledger-instance.js';
import { createKeyring } from '../support/keyring.js';
import type { Base } from './base.js';
import { type Database, openDatabase } from './database.js';
import { openAnyLog } from './event-store.js';
import { logKindOf } from './log-guard.js';
import { readMasterKey } from './master-key.js';

/** Database and log, for a person who puts right what does not fit together: nothing is compared but whose they are. */
export interface AnyLog {
  readonly database: Database;
  readonly store: EventStore;
  /** Accepts the log as it is; answers the new generation. @throws WrongLog */
  accept(reason: string, meta: CommandMeta): Promise<number>;
  /** @throws WrongLog when it is another ledger's */
  assertOurs(): Promise<void>;
}

export async function openLogAsItIs(base: Base): Promise<AnyLog> {
  const keyring = createKeyring(await readMasterKey(base.config));
  const database = await openDatabase(base);
  const { pool } = database;
  await verifyMasterKey(pool, keyring);
  const opened = openAnyLog({ ...base, database });
  const { copyEnd } = await readLogHistory(opened);
  const store = base.config.eventStoreUrl ? withOriginalTimes(opened, () => copyEnd) : opened;
  const kind = logKindOf(base.config);
  return {
    database,
    store,
    accept: async (reason, meta) => {
      const instance = await readInstance(pool);
      const acceptance = { store, kind, instance, newId: randomUUID, now: () => new Date() };
      const adopt = (ledgerId: string) => adoptLedger(pool, ledgerId);
      const generation = await acceptLog(
        { ...acceptance, adopt, noteLog: (log) => noteLog(pool, log) },
        reason,
        meta,
      );
      await setBack(pool, store);
      return generation;
    },
    assertOurs: async () => {
      const instance = await readInstance(pool);
      assertKind(instance, kind);
      await assertRightLog(store, { instance, applied: [], seen: [] }, await readLedger(store));
    },
  };
}
