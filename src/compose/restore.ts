import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type pg from 'pg';
import type { ManifestKeys } from '../backup/folder/backup-folder.js';
import { checkBackup, type WholeBackup } from '../backup/folder/check-backup.js';
import { fillReadModels } from '../backup/restore/fill-read-models.js';
import { restoreBackup, type Restored, type RestoreTarget } from '../backup/restore/restore-backup.js';
import type { Secret } from '../backup/sealing/folder-key.js';
import { type Verification, verifyBooks } from '../books/verify/verify-books.js';
import type { CommandMeta } from '../commands/handling/command.js';
import { asLedgerReads } from '../commands/ledger/own-events.js';
import { schemaOf } from '../projections/runtime/projection.js';
import type { EventStore } from '../eventstore/event-store.js';
import { type FileSetAside, latestGeneration, putAllAside } from '../relay/settlement/spool/put-aside.js';
import { renameDurably } from '../support/durable-folder.js';
import { createKeyring } from '../support/keyring.js';
import { manifestKeysOf } from './backup.js';
import type { Base } from './base.js';
import { openDatabase } from './database.js';
import { openAnyLog } from './event-store.js';
import { logKindOf } from './log-guard.js';
import { readMasterKey } from './master-key.js';
import { openSeals, sealsOf } from './seals.js';

export interface RestoreRequest {
  readonly folder: string;
  readonly secret: Secret | undefined;
  readonly meta: CommandMeta;
  /** Numbers of users and access keys that are left out. */
  readonly leaveOut: number;
  readonly onProgress: RestoreProgress;
}

export interface RestoreProgress {
  /** Of the folder, before anything is changed. */
  readonly checked: (bytes: number, of: number) => void;
  readonly whole: (backup: WholeBackup) => void;
  readonly restored: (events: number) => void;
  readonly projected: (events: number) => void;
  readonly verified: (events: number) => void;
}

export interface RestoreReport extends Restored {
  readonly backup: WholeBackup;
  /** The restored log, until everything is let go. */
  readonly store: EventStore;
  readonly spooled: readonly FileSetAside[];
  /** Open calls that an earlier process of this data directory left; undefined where it left none. */
  readonly holdsSetAside: string | undefined;
  /** Calls of which a charge was set aside although the log has it. */
  readonly chargedCalls: ReadonlySet<string>;
  /** Keys that were deleted from Redis. */
  readonly redisKeys: number;
  readonly verification: Verification;
}

/** Keys for manifests; changes nothing but that a data directory without a master key gets one. */
export async function openManifestKeys(base: Pick<Base, 'config'>): Promise<ManifestKeys> {
  return manifestKeysOf(createKeyring(await readMasterKey(base.config)));
}

/**
 * Checks a backup, makes an empty database and log the ledger it is of, makes the read models anew, and verifies the books. What processes
 * left of the ledger from before (Redis, spools, open holds of this data directory) is emptied or set aside.
 *
 * @throws NotWhole, CannotUnseal, NotEmpty, CannotFill before anything was changed
 */
export async function restoreLedger(base: Base, request: RestoreRequest): Promise<RestoreReport> {
  const { config } = base;
  const { onProgress } = request;
  const keys = await openManifestKeys(base);
  const backup = await checkBackup(request.folder, keys, request.secret, ({ bytes, of }) =>
    onProgress.checked(bytes, of),
  );
  onProgress.whole(backup);
  const { ledger } = backup.manifest;
  const spool = join(config.dataDir, 'spool');
  const above = await latestGeneration(spool, ledger.id);
  const database = await openDatabase(base);
  const { pool } = database;
  const masterKey = await readMasterKey(config);
  const store = await openAnyLog({ ...base, database, seals: sealsOf(masterKey, database.clock) });
  const target: RestoreTarget = { pool, store, kind: logKindOf(config) };
  const now = (): Date => new Date();
  const { meta, leaveOut } = request;
  const options = { meta, above, leaveOut, newId: randomUUID, now, onEvents: onProgress.restored };
  const restored = await restoreBackup(target, backup, options);
  const spooled = await putAllAside(spool);
  const holdsSetAside = await setHoldsAside(config.dataDir, restored.generation);
  const redisKeys = config.redisUrl ? await emptyRedis(config.redisUrl, ledger.id) : 0;
  // Only now the database has the keys that events of before a rotation are sealed with.
  const own = await asLedgerReads(store, await openSeals(database, masterKey));
  await fillReadModels({ store: own, pool, timeZone: config.timezone, now, onEvents: onProgress.projected });
  const chargedCalls = await callsInLog(pool, spooled);
  const verification = await verifyBooks({
    store: own,
    pool,
    onProgress: ({ events }) => onProgress.verified(events),
  });
  return { ...restored, backup, store, spooled, holdsSetAside, redisKeys, chargedCalls, verification };
}

/** A file that was not drained to its end has charges that the log took. */
async function callsInLog(pool: pg.Pool, spooled: readonly FileSetAside[]): Promise<ReadonlySet<string>> {
  const calls = spooled.flatMap(({ charges }) => charges.map(({ call_id }) => call_id));
  const { rows } = await pool.query<{ reference: string }>(
    `SELECT reference FROM ${schemaOf('usage-log')}.log_rows WHERE reference = ANY($1)`,
    [calls],
  );
  return new Set(rows.map(({ reference }) => reference));
}

/** Holds of calls that were open in a process of before: they are of another generation. */
async function setHoldsAside(dataDir: string, generation: number): Promise<string | undefined> {
  const aside = join(dataDir, `open-holds.before-generation-${generation}.json`);
  try {
    await renameDurably(join(dataDir, 'open-holds.json'), aside);
    return aside;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** The number of keys that were there. */
async function emptyRedis(url: string, ledgerId: string): Promise<number> {
  const { deleteKeys } = await import('../redis/delete-keys.js');
  return deleteKeys(url, `{counterfoil-${ledgerId}`);
}
