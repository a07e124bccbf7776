import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { isInPlace } from '../../eventstore/applied-event.js';
import { BEFORE_FIRST, type EventStore } from '../../eventstore/event-store.js';
import { type EventLines, readEventLines } from '../../eventstore/ndjson/event-lines.js';
import { VERSION } from '../../support/version.js';
import {
  filesOf,
  type ManifestKeys,
  prepareFolder,
  readManifest,
  removeUnnamed,
  writeManifest,
} from '../folder/backup-folder.js';
import { writePacked } from '../folder/packed-file.js';
import { type BackupFile, type LogPart, type Manifest, NotWhole } from '../manifest.js';
import { type Encryption, newFolderKey, openFolderKey, type Secret } from '../sealing/folder-key.js';
import { CannotUnseal } from '../sealing/sealed-stream.js';
import { alone } from './alone.js';
import { dumpTables } from './dump-tables.js';

export interface BackupSource {
  readonly store: Pick<EventStore, 'head' | 'readAll' | 'readStream'>;
  readonly pool: pg.Pool;
  readonly ledger: Manifest['ledger'];
  readonly keys: ManifestKeys;
}

export interface BackupOptions {
  readonly folder: string;
  /** What the backup is encrypted with; undefined: it is not. */
  readonly secret?: Secret | undefined;
  readonly now: () => Date;
  /** Events written so far, of which the last stands at this position, and where the log ended. */
  readonly onEvents?: (progress: { events: number; position: bigint; until: bigint }) => void;
  readonly onTable?: (table: { readonly table: string; readonly rows: number }) => void;
}

export interface BackupResult {
  readonly manifest: Manifest;
  /** Events that the folder did not have before. */
  readonly newEvents: number;
}

/**
 * Writes a backup of a running ledger into a folder, or what is new into one that has a backup: first the log to where it ends now,
 * then what only the database has, so that whatever an event needs (a person's key) is there; the manifest last and in one step. Killed at
 * any point, the folder is the backup that it was.
 *
 * @throws NotWhole for a folder that is of something else, or whose backup the log has left; CannotUnseal; AnotherBackup;
 * EventStoreUnavailable, WrongLog
 */
export async function writeBackup(source: BackupSource, options: BackupOptions): Promise<BackupResult> {
  return alone(source.pool, async () => {
    await prepareFolder(options.folder);
    const before = await readManifest(options.folder, source.keys);
    if (before) await assertContinuable(source, options.folder, before);
    const { key, encryption } = await keyOf(before, options.secret);
    const run = (before?.run ?? 0) + 1;
    const part = await writeLogPart(source.store, before, { ...options, key, run });
    const parts = [...(before?.log.parts ?? []), ...(part ? [part.file] : [])];
    const last = part?.last ?? before?.log.last;
    if (!last) throw new NotWhole('the log has no event: there is nothing to write down');
    const kept = await dumpTables(source.pool, { ...options, key, run });
    const manifest: Manifest = {
      format: 1,
      run,
      written_at: options.now().toISOString(),
      program: VERSION,
      ledger: source.ledger,
      master_key: source.keys.fingerprint,
      encryption,
      log: { events: parts.reduce((sum, { events }) => sum + events, 0), last, parts },
      ...kept,
    };
    await writeManifest(options.folder, manifest, source.keys);
    await removeUnnamed(options.folder, filesOf(manifest));
    return { manifest, newEvents: part?.file.events ?? 0 };
  });
}

/** What is in the folder must be the beginning of this log, and be there. @throws NotWhole */
async function assertContinuable(
  { store, ledger }: BackupSource,
  folder: string,
  { ledger: of, log }: Manifest,
): Promise<void> {
  if (of.id !== ledger.id)
    throw new NotWhole(
      `${folder} has the backup of ledger ${of.id}, and this is ledger ${ledger.id}: take another folder`,
    );
  const begun = `${folder} has the backup of another log`;
  if (of.log !== ledger.log)
    throw new NotWhole(`${begun}, kept in ${of.log} and not in ${ledger.log}: take a new folder`);
  if (!(await isInPlace(store, log.last)))
    throw new NotWhole(
      `${begun}: revision ${log.last.revision} of ${log.last.stream}, its last event, is not in this one at position ${log.last.position}. The log was put back or exchanged: take a new folder, and keep this one`,
    );
  for (const part of log.parts) await assertThere(folder, part);
}

async function assertThere(folder: string, { file, bytes }: BackupFile): Promise<void> {
  const found = await stat(join(folder, file)).catch(() => undefined);
  if (found?.size !== bytes)
    throw new NotWhole(
      `${file} is missing or was changed: take a new folder, the backup in this one cannot be restored`,
    );
}

async function keyOf(
  before: Manifest | undefined,
  secret: Secret | undefined,
): Promise<{ readonly key: Buffer | undefined; readonly encryption: Encryption | null }> {
  if (!before) return secret ? newFolderKey(secret) : { key: undefined, encryption: null };
  const { encryption } = before;
  if (encryption) return { key: await openFolderKey(encryption, secret), encryption };
  if (secret)
    throw new CannotUnseal('the backup in this folder is not encrypted: take a new folder for one that is');
  return { key: undefined, encryption: null };
}

interface PartOptions extends BackupOptions {
  readonly run: number;
  readonly key: Uint8Array | undefined;
}

/** Undefined where the log has nothing new. */
async function writeLogPart(
  store: BackupSource['store'],
  before: Manifest | undefined,
  { folder, run, key, onEvents }: PartOptions,
): Promise<{ readonly file: LogPart; readonly last: Manifest['log']['last'] } | undefined> {
  const after = before?.log.last.position ?? BEFORE_FIRST;
  const until = await store.head();
  if (until <= after) return undefined;
  let [events, last]: [number, EventLines['last'] | undefined] = [0, undefined];
  async function* lines(): AsyncGenerator<string> {
    for await (const page of readEventLines(store, { after, until })) {
      events += page.events;
      last = page.last;
      onEvents?.({ events, position: page.last.position, until });
      yield page.text;
    }
  }
  const file = await writePacked(folder, `log/${run}.ndjson.gz`, lines(), key);
  // It is assigned in a function, which the compiler does not follow.
  const end = last as EventLines['last'] | undefined;
  if (!end) return undefined;
  const { recordedAt, ...place } = end;
  return {
    file: { ...file, events, after, until: end.position },
    last: { ...place, recorded_at: recordedAt.toISOString() },
  };
}
