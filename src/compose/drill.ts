import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AfterBackup, digestOfLog, eventsAfter } from '../backup/after-backup.js';
import type { Manifest } from '../backup/manifest.js';
import type { Secret } from '../backup/sealing/folder-key.js';
import { writeBackup } from '../backup/write/write-backup.js';
import { driftOf } from '../books/verify/check.js';
import { backupSourceOf } from './backup.js';
import type { Foundation } from './ledger.js';
import { readMasterKey } from './master-key.js';
import { restoreLedger, type RestoreProgress, type RestoreReport } from './restore.js';
import { ShutdownList } from './shutdown.js';

export interface DrillRequest {
  readonly folder: string;
  readonly secret: Secret | undefined;
  readonly onWritten: (events: number) => void;
  readonly onProgress: RestoreProgress;
}

export interface DrillReport {
  readonly manifest: Manifest;
  readonly restored: RestoreReport;
  /** Whether the restored log says what the running one says up to the end of the backup. */
  readonly sameLog: boolean;
  readonly after: AfterBackup;
  readonly backupMs: number;
  /** Checking, filling, making the read models, verifying. */
  readonly restoreMs: number;
}

/**
 * What a backup is worth: writes one of the running ledger, restores it into a PostgreSQL of its own in a folder that is gone afterwards,
 * verifies the books there, compares the two logs, and says what the running one has got since.
 */
export async function drill(foundation: Foundation, request: DrillRequest): Promise<DrillReport> {
  const { folder, secret } = request;
  const startedMs = performance.now();
  const { manifest } = await writeBackup(backupSourceOf(foundation), {
    folder,
    secret,
    now: () => new Date(),
    onEvents: ({ events }) => request.onWritten(events),
  });
  const writtenMs = performance.now();
  const elsewhere = await mkdtemp(join(tmpdir(), 'counterfoil-drill-'));
  try {
    // PostgreSQL does not run as root: whoever it runs as must get to its files.
    await chmod(elsewhere, 0o755);
    const { restored, digest, restoreMs } = await restoreInto(elsewhere, foundation, request, manifest);
    return {
      manifest,
      restored,
      sameLog: digest === (await digestOfLog(foundation.store, manifest.log.events)),
      after: await eventsAfter(foundation.store, manifest.log.last.position),
      backupMs: writtenMs - startedMs,
      restoreMs,
    };
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
}

async function restoreInto(
  elsewhere: string,
  { config, log }: Foundation,
  { folder, secret, onProgress }: DrillRequest,
  manifest: Manifest,
): Promise<{ readonly restored: RestoreReport; readonly digest: string; readonly restoreMs: number }> {
  const startedMs = performance.now();
  const shutdown = new ShutdownList(log);
  const own = { databaseUrl: undefined, eventStoreUrl: undefined, redisUrl: undefined, dataDir: elsewhere };
  const base = { config: { ...config, ...own, masterKey: await readMasterKey(config) }, log, shutdown };
  try {
    const meta = { actor: 'operator:drill', requestId: 'cli' };
    const restored = await restoreLedger(base, { folder, secret, meta, leaveOut: 0, onProgress });
    const restoreMs = performance.now() - startedMs;
    return { restored, digest: await digestOfLog(restored.store, manifest.log.events), restoreMs };
  } finally {
    await shutdown.run();
  }
}

/** The books that were restored are those that run. */
export const isClean = ({ restored, sameLog }: DrillReport) =>
  sameLog && driftOf(restored.verification) === 0;

/** For programs. */
export const drillSummary = ({ manifest, restored, sameLog, after, backupMs, restoreMs }: DrillReport) => ({
  drift: driftOf(restored.verification),
  same_log: sameLog,
  events: manifest.log.events,
  last_event: manifest.log.last,
  backup_ms: Math.round(backupMs),
  restore_ms: Math.round(restoreMs),
  after_backup: { events: after.events, types: after.types, from: after.from ?? null, to: after.to ?? null },
});
