import { createReadStream } from 'node:fs';
import { previewOf } from '../books/reconcile/preview.js';
import { allProjections } from '../projections/all-projections.js';
import type { JobDesk } from '../http/operators/jobs.js';
import { asJobFault } from '../jobs/faults.js';
import type { TaskContext } from '../jobs/job.js';
import { createJobFiles } from '../jobs/job-files.js';
import { createJobStore } from '../jobs/job-store.js';
import { Jobs } from '../jobs/jobs.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { booksAlert } from '../reactions/alerts/books-disagree.js';
import { ALERT_RECEIVERS } from './reactions.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { createPool } from '../postgres/pool.js';
import { assertLedgerOf } from '../stores/ledger-instance.js';
import { repeat } from '../support/repeat.js';
import { jobBackups } from './job-backups.js';
import type { Process } from './process.js';
import { sealsOfLog } from './seals.js';
import { openSignedHistory } from './transparency.js';

const PURGE_EVERY_MS = 3_600_000;
/** A rebuild needs four, a verification one; what it came to is written beside them. */
const MAX_CONNECTIONS = 8;
/** What is under way goes no further than to where it next says how far it is. */
const STOP_WITHIN_MS = 20_000;

interface JobDeskParts extends Omit<TaskContext, 'report' | 'openFile'> {
  readonly onFault: (error: unknown) => void;
}

/** @returns the desk, and what ends the work of this process */
export function createJobDesk({ onFault, ...sources }: JobDeskParts): {
  readonly desk: JobDesk;
  readonly purge: () => Promise<void>;
  readonly stop: () => Promise<void>;
} {
  const store = createJobStore(sources.pool);
  const files = createJobFiles(sources.pool);
  const jobs = new Jobs({ store, files, sources, onFault });
  return {
    purge: () => store.purge(),
    stop: () => jobs.stop(),
    desk: {
      choices: () => ({
        projections: allProjections(sources.timezone).map(({ name }) => name),
        backups: sources.backups && { isEncrypted: sources.backups.isEncrypted },
      }),
      start: (id, input, startedBy) => jobs.start(id, input, startedBy),
      cancel: (id) => jobs.cancel(id),
      find: (id) => store.find(id),
      list: (filter, page) => store.list(filter, page),
      read: (fileId) => files.read(fileId),
      keep: async (path, name) => {
        const preview = await previewOf(path).catch((error: unknown) => {
          throw asJobFault(error);
        });
        const bytes = createReadStream(path) as AsyncIterable<Buffer>;
        const file = await files.write({ name, mediaType: 'text/csv' }, bytes);
        return { ...file, ...preview };
      },
    },
  };
}

/** Work of its own connections: what takes minutes takes none from whoever waits for an answer. */
export function openJobs(parts: Process): JobDesk {
  const { cache, config, database, ledgerId, log, shutdown, store, vault } = parts;
  const pool = createPool({
    connectionString: database.url,
    max: MAX_CONNECTIONS,
    applicationName: 'counterfoil jobs',
    onError: (error) => log.warn({ err: error }, 'an idle database connection of the jobs broke'),
    admit: (connection) => assertLedgerOf(connection, ledgerId),
  });
  shutdown.add('database pool of the jobs', () => pool.end());
  const onFault = (error: unknown) => log.warn({ part: 'jobs', err: error }, 'a job had a problem');
  const { desk, purge, stop } = createJobDesk({
    store,
    pool,
    cachedBalance: cache,
    openTexts: vault.openTexts,
    timezone: config.timezone,
    seals: () => sealsOfLog(parts),
    signed: () => openSignedHistory(parts),
    onVerified: booksAlert(new Alerts(database.pool, new PostgresOutbox(database.pool), ALERT_RECEIVERS)),
    backups: jobBackups({ ...parts, database: { ...database, pool } }),
    onFault,
  });
  const stopPurging = repeat(0, async () => {
    await purge().catch(onFault);
    return PURGE_EVERY_MS;
  });
  shutdown.add('purge of old jobs', stopPurging);
  shutdown.add('jobs', stop, STOP_WITHIN_MS);
  return desk;
}
