import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readRawLog } from '../check/raw-log.js';
import type { Cluster } from '../cluster/cluster.js';
import { runCli } from '../support/run-cli.js';
import type { FaultWorld } from './inject.js';
import { tellNewPlaces } from './places.js';
import { fileWithCharges } from './rotten-spool.js';

/** Clients work on behind the backup, so that the second one has something to take. */
const WORKS_MS = 3_000;
const STOPS = 10;

/**
 * The ledger goes over to new servers by its backup alone, and the service goes on from there. Most of it is saved while clients work, what
 * came since when everybody has stopped, so that nothing that was answered is lost and all that holds of a ledger holds on. Its log is in
 * PostgreSQL afterwards, wherever it was, and Redis has forgotten everything.
 */
export async function restoreTheLedger(world: FaultWorld): Promise<string | undefined> {
  const { cluster } = world;
  const { eventStore, database: former } = cluster;
  const folder = await mkdtemp(join(cluster.options.folder, 'restored-'));
  await backUp(cluster, folder);
  await wait(WORKS_MS);
  if (!(await stopWithEmptySpools(cluster))) return 'charges stayed in the spools';
  const before = await readRawLog(cluster);
  const { postgres } = cluster.options;
  const database = `torture_${randomBytes(6).toString('hex')}`;
  try {
    await backUp(cluster, folder);
    await postgres.createDatabase(database);
    await cluster.goOverTo(database, undefined);
    const { drift } = JSON.parse(
      await runCli(cluster, 'restore', folder, '--by', 'torture', '--json'),
    ) as Restored;
    if (drift !== 0) world.complain(`restore under fire: what was restored has a drift of ${drift}`);
    await tellNewPlaces(world, before);
  } catch (error) {
    // The servers of before are as they were.
    await cluster.goOverTo(former, eventStore);
    await cluster.startAll();
    throw error;
  }
  await cluster.startAll();
  await eventStore?.kill();
  await postgres.dropDatabase(former);
  return undefined;
}

/** Of what the command says. */
interface Restored {
  readonly drift: number;
}

async function backUp(cluster: Cluster, folder: string): Promise<void> {
  JSON.parse(await runCli(cluster, 'backup', folder, '--json'));
}

/** A relay that ends leaves in its spool what it could not store in time; started again it stores that. */
async function stopWithEmptySpools(cluster: Cluster): Promise<boolean> {
  for (let time = 0; time < STOPS; time++) {
    await Promise.all(cluster.services.map((service) => service.stop()));
    const spools = [...cluster.members.values()].map(({ dataDir }) =>
      fileWithCharges(join(dataDir, 'spool')),
    );
    if ((await Promise.all(spools)).every((file) => file === undefined)) return true;
    await cluster.startAll();
    await wait(WORKS_MS);
  }
  return false;
}
