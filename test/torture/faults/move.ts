import { join } from 'node:path';
import { readRawLog } from '../check/raw-log.js';
import { EventStoreProcess } from '../cluster/event-store.js';
import { freePort } from '../cluster/ports.js';
import type { Cluster } from '../cluster/cluster.js';
import { runCli } from '../support/run-cli.js';
import type { FaultWorld } from './inject.js';

/** Given again, it goes on where it was stopped. */
const TRIES = 4;

/**
 * The log goes over to the other kind of store while clients work; then everybody is started on the new one. Places in the log are other
 * numbers there: what clients know of them is told anew, as a front end is told to forget it.
 */
export async function moveTheLog({ cluster, observations }: FaultWorld): Promise<string | undefined> {
  const { eventStore } = cluster;
  const target = eventStore ? undefined : await anEmptyStore(cluster);
  const [from, to] = [eventStore?.url ?? 'database', target?.url ?? 'database'];
  const failure = await copy(cluster, from, to);
  if (failure !== undefined) return failure;
  // Whatever was answered with places of the old log has come by then, and nothing else comes.
  await Promise.all(cluster.services.map((service) => service.stop()));
  const before = await readRawLog(cluster);
  await cluster.moveTo(target);
  const places = new Map((await readRawLog(cluster)).map(({ id, position }) => [id, position]));
  const moved = before.flatMap(({ id, position }) => {
    const there = places.get(id);
    return there === undefined ? [] : [{ from: position, to: there }];
  });
  observations.moveTo((position) => moved.findLast((place) => place.from <= position)?.to ?? -1n);
  await cluster.startAll();
  await eventStore?.kill();
  return undefined;
}

async function anEmptyStore({ options }: Cluster): Promise<EventStoreProcess> {
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
