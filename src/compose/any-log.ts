import { randomUUID } from 'node:crypto';
import type { CommandMeta } from '../commands/handling/command.js';
import { acceptLog } from '../commands/ledger/accept-log.js';
import { withOwnEvents } from '../commands/ledger/own-events.js';
import { assertKind, assertRightLog, readLedger } from '../commands/ledger/recognise-log.js';
import { readLogHistory } from '../commands/move/log-history.js';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.js';
import { withOriginalTimes } from '../eventstore/original-times.js';
import { tellSealed } from '../commands/ledger/sealings.js';
import { tellLedger } from '../commands/ledger/tell-ledger.js';
import type { Skipped } from '../domain/ledger/state.js';
import { setBack } from '../reactions/following/places.js';
import {
  adoptLedger,
  noteLog,
  readInstance,
  readKeyring,
  verifyMasterKey,
} from '../stores/ledger-instance.js';
import { createKeyring } from '../support/keyring.js';
import type { Base } from './base.js';
import { type Database, openDatabase } from './database.js';
import { openAnyLog } from './event-store.js';
import { logKindOf } from './log-guard.js';
import { readMasterKey } from './master-key.js';
import { openSeals } from './seals.js';
import { openSignedHistory } from './transparency.js';

/** Database and log, for a person who puts right what does not fit together: nothing is compared but whose they are. */
export interface AnyLog {
  readonly database: Database;
  readonly store: EventStore;
  /** Accepts the log as it is; answers the new generation. @throws WrongLog */
  accept(reason: string, meta: CommandMeta): Promise<number>;
  /** The log as the ledger reads it, where it is this ledger's. @throws WrongLog when it is another one's */
  ours(): Promise<OurLog>;
  /** What was signed of the log, to be held against it; a text: why that cannot be known. Undefined where nothing ever is. */
  signed(): ReturnType<typeof openSignedHistory>;
  /** Says that from here on all is sealed. Answers whether it had not been said before. */
  seal(meta: CommandMeta): Promise<boolean>;
  /** Says that nothing is to be made of what stands at a place. Answers whether it had not been said before. */
  skip(what: Pick<Skipped, 'position' | 'event' | 'reason'>, meta: CommandMeta): Promise<boolean>;
}

interface OurLog {
  readonly store: EventStore;
  readonly skipped: readonly Skipped[];
  /** What is wrong with the seal of an event, or with its having none; undefined where nothing is. */
  readonly sealFault: (event: RecordedEvent) => string | undefined;
}

export async function openLogAsItIs(base: Base): Promise<AnyLog> {
  const keyring = createKeyring(await readMasterKey(base.config));
  const database = await openDatabase(base);
  await verifyMasterKey(database.pool, keyring);
  return logAsItIs({ ...base, database });
}

/** The same on a database that is open. */
export async function logAsItIs(base: Base & { readonly database: Database }): Promise<AnyLog> {
  const { database } = base;
  const { pool } = database;
  const masterKey = await readMasterKey(base.config);
  const seals = await openSeals(database, masterKey);
  const opened = await openAnyLog({ ...base, seals });
  const { copyEnd } = await readLogHistory(opened);
  const store = base.config.eventStoreUrl ? withOriginalTimes(opened, () => copyEnd) : opened;
  const kind = logKindOf(base.config);
  return {
    database,
    store,
    accept: async (reason, meta) => {
      const instance = await readInstance(pool);
      const acceptance = { store, kind, instance, seals, newId: randomUUID, now: () => new Date() };
      const adopt = (ledgerId: string) => adoptLedger(pool, ledgerId);
      const generation = await acceptLog(
        { ...acceptance, adopt, noteLog: (log) => noteLog(pool, log) },
        reason,
        meta,
      );
      await setBack(pool, store, generation);
      return generation;
    },
    ours: async () => {
      const instance = await readInstance(pool);
      assertKind(instance, kind);
      const ledger = await readLedger(store, seals);
      await assertRightLog(store, { instance, applied: [], seen: [] }, ledger);
      const { skipped = [], sealings = [] } = ledger ?? {};
      return {
        store: withOwnEvents(store, { skipped, sealings }, seals),
        skipped,
        sealFault: (event) => seals.faultOf(event, sealings),
      };
    },
    signed: async () => openSignedHistory({ ...base, database, keyring: await readKeyring(pool, masterKey) }),
    seal: async (meta) => {
      const ledger = await readLedger(store, seals);
      if (!ledger) throw new Error('the log does not say whose it is: nothing can be sealed in it');
      return tellSealed(store, { ledgerId: ledger.ledgerId, keyId: seals.keyId }, meta);
    },
    skip: async (what, meta) => {
      const command = { type: 'skip' as const, by: meta.actor, ...what };
      const { state, events } = await tellLedger({ store, newId: randomUUID }, 'skip-event', command, meta);
      if (!state) throw new Error('the log does not say whose it is: nothing can be skipped in it');
      return events.length > 0;
    },
  };
}
