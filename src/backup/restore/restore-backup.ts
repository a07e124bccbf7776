import type pg from 'pg';
import type { CommandMeta } from '../../commands/handling/command.js';
import { acceptLog } from '../../commands/ledger/accept-log.js';
import type { LogKind } from '../../commands/ledger/expected-log.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { withTransaction } from '../../postgres/pool.js';
import { carryOver } from '../../reactions/following/carry-over.js';
import { setBack } from '../../reactions/following/places.js';
import type { WholeBackup } from '../folder/check-backup.js';
import { NotWhole } from '../manifest.js';
import { assertEmptyTarget } from './empty-target.js';
import { forgetWhatIsLost } from './forget-what-is-lost.js';
import { restoreLog, type RestoredLog } from './restore-log.js';
import { restoreSequences, restoreTables } from './restore-tables.js';

export interface RestoreTarget {
  readonly pool: pg.Pool;
  /** As it is: it is of no ledger yet. */
  readonly store: EventStore;
  readonly kind: LogKind;
}

export interface RestoreOptions {
  /** Who restores, as the log will have it. */
  readonly meta: CommandMeta;
  /** A generation that something left from before is of, a spool: the restored ledger is of a later one. */
  readonly above: number;
  /** Numbers of users and access keys that are left out, since they may have been given after the backup. */
  readonly leaveOut: number;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly onEvents?: (events: number) => void;
}

export interface Restored {
  readonly ledgerId: string;
  readonly generation: number;
  readonly events: number;
  /** Messages that told of events which the backup does not have: they are not sent. */
  readonly discardedMessages: number;
}

/**
 * Makes an empty database and an empty log the ledger of a backup. The log is first, and says at once that it is of a new generation:
 * a process that was at work with the old one stops, and what was made of events that are not here is left aside. Read models are
 * made by whoever projects next.
 *
 * @throws NotEmpty, NotWhole, CannotUnseal, CannotFill before anything was changed; afterwards RestoreBrokenOff
 */
export async function restoreBackup(
  target: RestoreTarget,
  backup: WholeBackup,
  options: RestoreOptions,
): Promise<Restored> {
  const { pool, store } = target;
  await assertSchemaKnown(pool, backup);
  await assertEmptyTarget(pool, store);
  const log = await restoreLog(store, backup, options.onEvents);
  try {
    const generation = await accept(target, backup, options);
    const discardedMessages = await putBack(target, backup, { log, generation, leaveOut: options.leaveOut });
    return { ledgerId: backup.manifest.ledger.id, generation, events: log.places.events, discardedMessages };
  } catch (cause) {
    throw new RestoreBrokenOff(cause);
  }
}

/** The log is there, and not what belongs to it. No process starts on it: database and log are of two ledgers. */
class RestoreBrokenOff extends Error {
  override readonly name = 'RestoreBrokenOff';

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`the restore broke off behind the log: ${reason}. Throw the new database away and begin again`, {
      cause,
    });
  }
}

async function assertSchemaKnown(pool: pg.Pool, { manifest }: WholeBackup): Promise<void> {
  const { rows } = await pool.query<{ schema: number }>(
    'SELECT max(number) AS schema FROM schema_migrations',
  );
  const schema = rows[0]?.schema ?? 0;
  if (manifest.schema > schema)
    throw new NotWhole(
      `the backup has schema ${manifest.schema} (version ${manifest.program}), and this version knows ${schema}: restore with that version`,
    );
}

function accept(
  { store, kind }: RestoreTarget,
  { manifest: { ledger, written_at } }: WholeBackup,
  { meta, above, newId, now }: RestoreOptions,
): Promise<number> {
  const instance = {
    ledgerId: ledger.id,
    logKind: undefined,
    generation: Math.max(ledger.generation, above),
  };
  const adopt = (): Promise<boolean> => Promise.resolve(false);
  // Written down with all the rest.
  const noteLog = (): Promise<void> => Promise.resolve();
  const reason = `restored from the backup of ${written_at}`;
  return acceptLog({ store, kind, instance, adopt, noteLog, newId, now }, reason, meta);
}

interface Given {
  readonly log: RestoredLog;
  readonly generation: number;
  readonly leaveOut: number;
}

function putBack(
  { pool, store, kind }: RestoreTarget,
  backup: WholeBackup,
  { log, generation, leaveOut }: Given,
): Promise<number> {
  return withTransaction(pool, async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await restoreTables(tx, backup);
    await restoreSequences(tx, backup, { ...log, leaveOut });
    const last = backup.manifest.log.last.position;
    const { messages } = await forgetWhatIsLost(tx, { last, tokenId: log.tokenId });
    await carryOver(tx, log.places, generation);
    await setBack(tx, store, generation);
    await tx.query('UPDATE ledger_instance SET log_kind = $1, generation = $2', [kind, generation]);
    return messages;
  });
}
