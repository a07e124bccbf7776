import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { succeed } from '../../acceptance/support/clients.js';
import { eventually } from '../../support/eventually.js';
import { startEventStoreStandIn } from '../../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../../support/eventstoredb-stand-in/log.js';
import type { Ground, Variables } from './ground.js';
import type { Service } from '../../../src/compose/service.js';
import type * as writeBackupModule from '../../../src/backup/write/write-backup.js';
import type * as anyLogModule from '../../../src/compose/any-log.js';
import type * as backupModule from '../../../src/compose/backup.js';
import type * as restoreModule from '../../../src/compose/restore.js';
import type * as postgresEventStoreModule from '../../../src/eventstore/postgres/postgres-event-store.js';
import type * as allProjectionsModule from '../../../src/projections/all-projections.js';
import type * as rebuildModule from '../../../src/projections/runtime/rebuild.js';

/** Does what a build may have forgotten to guard, and answers what went wrong; undefined where nothing did. */
export type LogCheck = (ground: Ground) => Promise<string | undefined>;

const register = (url: string, id: string = randomUUID()): Promise<Record<string, unknown>> =>
  succeed(url, 'POST', '/sync', { external_user_id: id, username: id });
const topUp = (url: string, id: string, paymentId: string): Promise<Record<string, unknown>> =>
  succeed(url, 'POST', '/topup', { external_user_id: id, amount_usd: 1, payment_id: paymentId });
const databaseOf = (url = ''): string => new URL(url).pathname.slice(1);

/** A second ledger under the same master key, which seals cannot tell from it, is pointed at the first one's log. */
export const nobodyElsesLog: LogCheck = async (ground) => {
  const log = new StandInLog();
  const standIn = await startEventStoreStandIn({ log });
  ground.until(() => standIn.close());
  const inLog = { EVENTSTORE_URL: standIn.connectionString };
  const ledger = await ground.newLedger();
  const first = await ground.start({ ...ledger, ...inLog });
  await register(first.url);
  await first.close();
  const before = log.events.filter(({ stream }) => !stream.startsWith('$')).length;
  await ground
    .start({ ...(await ground.newLedger()), ...inLog, MASTER_KEY: ledger.MASTER_KEY ?? '' })
    .then(({ url }) => register(url))
    .catch(() => undefined);
  const after = log.events.filter(({ stream }) => !stream.startsWith('$')).length;
  return after === before
    ? undefined
    : `a second ledger wrote ${after - before} events into the log of the first`;
};

/** The log is put back to an older copy, accepted, and the tables are made of it. */
export const tablesEndWithTheLog: LogCheck = async (ground) => {
  const ledger = await ground.newLedger();
  const database = databaseOf(ledger.DATABASE_URL);
  const lived = await ground.start(ledger);
  const older = await lived.ledger.store.head();
  for (let user = 0; user < 5; user++) await register(lived.url);
  await lived.close();
  await ground.postgres.query(
    database,
    `SET session_replication_role = replica; DELETE FROM events WHERE position > ${older}; UPDATE log_head SET position = ${older}`,
  );
  const { openLogAsItIs } = await ground.load<typeof anyLogModule>('compose/any-log.ts');
  const { rebuildAll } = await ground.load<typeof rebuildModule>('projections/runtime/rebuild.ts');
  const { allProjections } = await ground.load<typeof allProjectionsModule>('projections/all-projections.ts');
  const found = await openLogAsItIs(await ground.base(ledger));
  await found.accept('an older copy', { actor: 'operator:canary', requestId: 'canary' });
  const { pool } = found.database;
  await rebuildAll(allProjections('UTC'), { pool, store: found.store, accept: true });
  const head = await found.store.head();
  const beyond = await ground.postgres.query(
    database,
    `SELECT projection FROM projection_checkpoints WHERE slot = 'live' AND position > ${head}`,
  );
  return beyond.length === 0
    ? undefined
    : `${beyond.length} read models are said to be made of more than the log has: what is appended next is left out`;
};

/** A backup is restored elsewhere. Answers the database it is in. */
async function restoreElsewhere(ground: Ground, ledger: Variables, lived: Service): Promise<string> {
  const { writeBackup } = await ground.load<typeof writeBackupModule>('backup/write/write-backup.ts');
  const { backupSourceOf } = await ground.load<typeof backupModule>('compose/backup.ts');
  const { restoreLedger } = await ground.load<typeof restoreModule>('compose/restore.ts');
  const folder = join(ground.folder, randomUUID());
  await writeBackup(backupSourceOf(lived.ledger), { folder, now: () => new Date() });
  const target: Variables = { ...(await ground.newLedger()), MASTER_KEY: ledger.MASTER_KEY ?? '' };
  const quiet = (): void => undefined;
  await restoreLedger(await ground.base(target), {
    ...{ folder, secret: undefined, leaveOut: 0, meta: { actor: 'operator:canary', requestId: 'canary' } },
    onProgress: { checked: quiet, whole: quiet, restored: quiet, projected: quiet, verified: quiet },
  });
  return databaseOf(target.DATABASE_URL);
}

/** The next user of a restored ledger comes. */
export const numbersAreGivenOnce: LogCheck = async (ground) => {
  const ledger = await ground.newLedger();
  const lived = await ground.start(ledger);
  const given = new Set([(await register(lived.url)).user_id, (await register(lived.url)).user_id]);
  const restored = await restoreElsewhere(ground, ledger, lived);
  const [next] = await ground.postgres.query(restored, `SELECT nextval('user_ids')::int AS id`);
  return given.has(next?.id) ? `user id ${String(next?.id)} is given twice` : undefined;
};

/** What was restored takes the place of the ledger that a process is at work with. */
export const whoWasAtWorkStops: LogCheck = async (ground) => {
  const ledger = await ground.newLedger();
  const { postgres } = ground;
  const database = databaseOf(ledger.DATABASE_URL);
  const lived = await ground.start(ledger);
  await register(lived.url);
  const restored = await restoreElsewhere(ground, ledger, lived);
  await postgres.renameDatabase(database, `${database}_lost`);
  await postgres.renameDatabase(restored, database);
  const outcome = await eventually(
    async () => {
      const said = await (await fetch(`${lived.url}/readyz`)).text();
      if (said.includes('generation')) return 'stopped';
      const isServed = await register(lived.url).then(
        () => true,
        () => false,
      );
      if (!isServed) throw new Error(said);
      return 'served';
    },
    { timeoutMs: 60_000, intervalMs: 100 },
  );
  return outcome === 'stopped'
    ? undefined
    : 'a process that was at work with the ledger of before wrote into the one that was restored';
};

/** Somebody else writes into the log. */
export const neighboursStopNothing: LogCheck = async (ground) => {
  const { createPostgresEventStore } = await ground.load<typeof postgresEventStoreModule>(
    'eventstore/postgres/postgres-event-store.ts',
  );
  // In PostgreSQL others may write only where the log does not say that all of it is sealed.
  const ledger: Variables = { ...(await ground.newLedger()), SEALED_LOG: 'optional' };
  const { url } = await ground.start(ledger);
  const neighbour = createPostgresEventStore({ connectionString: ledger.DATABASE_URL ?? '' });
  ground.until(() => neighbour.close());
  const event = { id: randomUUID(), type: 'order-placed', data: {}, metadata: {} };
  await neighbour.append([{ stream: 'orders-1', expected: 'no-stream', events: [event] }]);
  const id = randomUUID();
  const served = register(url, id)
    .then(() => topUp(url, id, `pi-${id}`))
    .then(
      () => 'served',
      () => 'refused',
    );
  const stopped = eventually(
    async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      if (!/^counterfoil_ledger_stopped(?:\{.*\})? 1$/m.test(metrics)) throw new Error('it goes on');
      return 'stopped';
    },
    { timeoutMs: 60_000, intervalMs: 100 },
  ).catch(() => 'never');
  const outcome = await Promise.race([served, stopped]);
  return outcome === 'served' ? undefined : `with a neighbour's event in its log, the ledger was ${outcome}`;
};
