import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { readEverything, withEventStore } from '../cluster/event-store-client.js';
import { EventStoreProcess } from '../cluster/event-store.js';
import { freePort } from '../../support/free-port.js';
import type { Cluster } from '../cluster/cluster.js';
import type { ServiceName } from '../plan/faults.js';
import type { FaultWorld } from './inject.js';

const REFUSED_WITHIN = { timeoutMs: 120_000, intervalMs: 100 };
const WORDS = /this process was told to use/;

/** The log that only the process without the right variable would use. */
interface OtherLog {
  readonly url: string | undefined;
  count(): Promise<number>;
  close(): Promise<void>;
}

/**
 * One process is started again without EVENTSTORE_URL; where there is none, with one. It must not start, and nothing may come into the log
 * that it would have used.
 */
export async function forgetVariable(
  { cluster, complain }: FaultWorld,
  victim: ServiceName,
): Promise<undefined> {
  const { service } = cluster.member(victim);
  const other = await otherLog(cluster);
  try {
    const before = await other.count();
    await service.kill();
    const started = await service.startAnyhow({ EVENTSTORE_URL: other.url });
    const refused = async () => WORDS.test(await started.said());
    if (!(await eventually(refused, REFUSED_WITHIN).catch(() => false)))
      complain(`forgotten variable: ${victim} says ${(await started.said()).slice(-500)}`);
    await service.kill();
    const written = (await other.count()) - before;
    if (written !== 0) complain(`forgotten variable: ${victim} wrote ${written} events into the other log`);
  } finally {
    await service.kill();
    await other.close();
    await service.start();
  }
  return undefined;
}

async function otherLog({ eventStore, database, options }: Cluster): Promise<OtherLog> {
  const { folder, keeper, postgres } = options;
  if (eventStore) {
    const events = 'SELECT count(*) AS events FROM events';
    return {
      url: undefined,
      count: async () => Number((await postgres.query(database, events))[0]?.events),
      close: () => Promise.resolve(),
    };
  }
  const port = await freePort();
  const empty = new EventStoreProcess(port, join(folder, `event-store-${port}`), keeper);
  await empty.start();
  return {
    url: empty.url,
    count: async () => (await withEventStore(empty.url, readEverything)).length,
    close: () => empty.kill(),
  };
}
