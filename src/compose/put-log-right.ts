import { checkBackup, type WholeBackup } from '../backup/folder/check-backup.js';
import { besideBackup, type BesideBackup, rightLog } from '../backup/restore/right-log.js';
import { readBackupLog } from '../backup/restore/restore-log.js';
import type { Secret } from '../backup/sealing/folder-key.js';
import { isOwnStream } from '../domain/streams.js';
import type { RecordedEvent } from '../eventstore/event-store.js';
import { replaceLog } from '../eventstore/postgres/set-log-aside.js';
import { marked } from '../eventstore/sieve.js';
import { createPool } from '../postgres/pool.js';
import { readInstance } from '../stores/ledger-instance.js';
import type { LogComparer } from '../transparency/compare-log.js';
import { comparisonText } from '../transparency/compare-log.js';
import type { AnyLog } from './any-log.js';
import type { Base } from './base.js';
import { readMasterKey } from './master-key.js';
import { openManifestKeys } from './restore.js';
import { openSeals } from './seals.js';

/** The log cannot be put right from this backup; nothing was changed. */
export class CannotPutRight extends Error {
  override readonly name = 'CannotPutRight';
}

export interface PutRight extends Pick<BesideBackup, 'wrong' | 'places'> {
  readonly writtenAt: string;
  /** The table that the log as it was is kept in. */
  readonly kept: string;
  readonly events: number;
}

/**
 * Puts a log that somebody changed back to what was signed of it: the events that a backup has, and behind them those that were written after
 * it. Both together have to agree with every checkpoint; else nothing is changed. What stood there is kept, in a table of its own.
 *
 * @throws NotWhole, CannotUnseal, CannotPutRight
 */
export async function putLogRight(
  base: Pick<Base, 'config'>,
  { database, store, signed }: Pick<AnyLog, 'database' | 'store' | 'signed'>,
  request: { readonly folder: string; readonly secret: Secret | undefined; readonly by: string },
): Promise<PutRight> {
  if (base.config.eventStoreUrl)
    throw new CannotPutRight(
      'the log is in EventStoreDB, where nobody can put another event in the place of one: restore the backup (counterfoil restore) and move the log there',
    );
  const backup = await checkBackup(request.folder, await openManifestKeys(base), request.secret);
  await assertOfThisLedger(database, backup);
  const seals = await openSeals(database, await readMasterKey(base.config));
  const found = await besideBackup({ store, seals }, backup);
  if (found.wrong === 0) throw new CannotPutRight('the log is what the backup has of it');
  if (found.unsealed.length > 0 && !found.isSealed)
    throw new CannotPutRight(
      'the backup is from before the log was sealed: what was written after it cannot be told from what was put in',
    );
  await assertAgrees(await signed(), rightLog({ store }, backup, found));
  const name = `events_until_${new Date().toISOString().replaceAll(/\D/g, '')}`;
  const writtenAt = backup.manifest.written_at;
  const owner = createPool({
    connectionString: database.ownerUrl,
    max: 1,
    applicationName: 'counterfoil rebuild',
  });
  try {
    const why = `put aside by ${request.by}: put right from the backup of ${writtenAt}`;
    const keep = { after: found.after, without: found.unsealed };
    const events = await replaceLog(owner, { name, why }, readBackupLog(backup), keep);
    const { wrong, places } = found;
    return { wrong, places, writtenAt, kept: `former_logs.${name}`, events };
  } finally {
    await owner.end();
  }
}

async function assertOfThisLedger(
  { pool }: AnyLog['database'],
  { manifest: { ledger } }: WholeBackup,
): Promise<void> {
  const { ledgerId, generation } = await readInstance(pool);
  if (ledger.id !== ledgerId || ledger.generation !== generation)
    throw new CannotPutRight(
      `the backup is of ledger ${ledger.id}, generation ${ledger.generation}; this is ${ledgerId}, generation ${generation}`,
    );
}

async function assertAgrees(
  signed: LogComparer | string | undefined,
  events: AsyncIterable<RecordedEvent>,
): Promise<void> {
  if (typeof signed === 'string') throw new CannotPutRight(signed);
  if (!signed || signed.signed === 0)
    throw new CannotPutRight(
      'nothing was signed of this log, so nothing tells whether it is right or the backup',
    );
  for await (const event of events) await signed.add(isOwn(event) ? event : marked(event, 'foreign'));
  const comparison = signed.ended();
  if (comparison.kind !== 'agrees' && comparison.kind !== 'spoiled')
    throw new CannotPutRight(
      `with the backup, and what was written after it, ${comparisonText(comparison)}. An older backup may be right`,
    );
}

const isOwn = ({ stream, type }: RecordedEvent): boolean => isOwnStream(stream) && !type.startsWith('$');
