import { NotWhole, summaryOf } from '../backup/manifest.js';
import { CannotUnseal } from '../backup/sealing/sealed-stream.js';
import { NoSecret, readSecret } from '../backup/sealing/read-secret.js';
import { AnotherBackup } from '../backup/write/alone.js';
import { writeBackup } from '../backup/write/write-backup.js';
import { JobFault } from '../jobs/faults.js';
import type { Backups, Report } from '../jobs/job.js';
import { backupSourceOf } from './backup.js';
import { drill, drillSummary, isClean } from './drill.js';
import type { Foundation } from './ledger.js';
import type { RestoreProgress } from './restore.js';

const told = [NotWhole, CannotUnseal, NoSecret, AnotherBackup];

/** What a person can do something about, in the words of the command. */
const asFault = (error: unknown): never => {
  throw told.some((kind) => error instanceof kind) ? new JobFault((error as Error).message) : error;
};

/** Backups that operators start: into the one folder that the environment names, so that nobody writes elsewhere from a browser. */
export function jobBackups(foundation: Foundation): Backups | undefined {
  const { backups } = foundation.config;
  if (!backups) return undefined;
  const { folder, ...files } = backups;
  return {
    isEncrypted: files.keyFile !== undefined || files.passphraseFile !== undefined,
    write: async (report) => {
      const { manifest, newEvents } = await writeBackup(backupSourceOf(foundation), {
        folder,
        secret: await readSecret(files).catch(asFault),
        now: () => new Date(),
        onEvents: ({ position, until }) => report({ done: position, total: until }),
      }).catch(asFault);
      return { clean: true, new_events: newEvents, ...summaryOf(manifest) };
    },
    drill: async (report) => {
      const secret = await readSecret(files).catch(asFault);
      const onWritten = (events: number) => report({ done: BigInt(events) });
      const found = await drill(foundation, {
        folder,
        secret,
        onWritten,
        onProgress: drillProgress(report),
      }).catch(asFault);
      return { clean: isClean(found), ...drillSummary(found) };
    },
  };
}

/** Every event is restored, projected and verified. */
function drillProgress(report: Report): RestoreProgress {
  let events = 0;
  const at = (round: number) => (done: number) =>
    report({ done: BigInt(round * events + done), total: BigInt(3 * events) });
  return {
    checked: () => report({ done: 0n }),
    whole: ({ manifest }) => {
      ({ events } = manifest.log);
      report({ done: 0n, total: BigInt(3 * events) });
    },
    restored: at(0),
    projected: at(1),
    verified: at(2),
  };
}
