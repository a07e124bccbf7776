import { join } from 'node:path';
import { readRawLog } from '../check/raw-log.js';
import { EventStoreProcess } from '../cluster/event-store.js';
import { freePort } from '../../support/free-port.js';
import type { Cluster } from '../cluster/cluster.js';
import { runCli } from '../support/run-cli.js';
import type { FaultWorld } from './inject.js';
import { tellNewPlaces } from './places.js';

/** Given again, it goes on where it was stopped. */
const TRIES = 4;

/** The log goes over to the other kind of store while clients work; then everybody is started on the new one. */
export async function moveTheLog(world: FaultWorld): Promise<string | undefined> {
  const { cluster } = world;
  const { eventStore } = cluster;
  const target = eventStore ? undefined : await anEmptyStore(cluster);
  const [from, to] = [eventStore?.url ?? 'database', target?.url ?? 'database'];
  const failure = await copy(cluster, from, to);
  if (failure !== undefined) return failure;
  // Whatever was answered with places of the old log has come by then, and nothing else comes.
  await Promise.all(cluster.services.map((service) => service.stop()));
  const before = await readRawLog(cluster);
  await cluster.goOverTo(cluster.database, target);
  await tellNewPlaces(world, before);
  await cluster.startAll();
  await eventStore?.kill();
  return undefined;
}

/** Of the kind that the round is run with, at an address of its own. */
export async function anEmptyStore({ options }: Cluster): Promise<EventStoreProcess> {
  const port = await freePort();
  const store = new EventStoreProcess(port, join(options.folder, `event-store-${port}`), options.keeper);
  await store.start();
  return store;
}

async function copy(cluster: Cluster, from: string, to: string): Promise<string | undefined> {
  let last = '';
  for (let time = 0; time < TRIES; time++) {
    const args = ['log', 'copy', '--from', from, '--to', to, '--by', 'torture', '--json'];
    try {
      return void JSON.parse(await runCli(cluster, ...args));
    } catch (error) {
      last = (error as Error).message;
    }
  }
  return `the log could not be moved in ${TRIES} times: ${last.slice(-500)}`;
}
