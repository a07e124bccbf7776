import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import type { FaultWorld } from './inject.js';

/** A type that no version of the program ever wrote. */
const POISON = 'mystery-happened.v1';
const NOTICED_WITHIN_MS = 30_000;

/** An event that nobody can read comes into the log; the ledger's projections must stop and say so; it is taken out again. */
export async function injectPoison({ cluster, turns, complain }: FaultWorld): Promise<undefined> {
  const { service } = cluster.member('projector');
  await turns.take('servers', async () => {
    const position = await append();
    const noticed = await eventually(saysSo, { timeoutMs: NOTICED_WITHIN_MS, intervalMs: 100 }).catch(
      () => false,
    );
    if (!noticed) complain('the projector did not say that it stopped for a poison event');
    await service.kill();
    await remove(position);
  });
  await service.start();

  async function saysSo(): Promise<boolean> {
    const response = await fetch(`${service.url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    return response.status === 503 && (await response.text()).includes(POISON);
  }

  async function append(): Promise<bigint> {
    const { eventStore, database } = cluster;
    if (eventStore) return eventStore.poison(POISON);
    const event = { i: randomUUID(), t: POISON, d: '{"poison":true}', m: '{}' };
    const writes = [{ c: 0, s: `poison-${randomUUID()}`, e: -1, v: [event] }];
    const rows = await cluster.options.postgres.query(database, 'SELECT append_events($1) AS results', [
      JSON.stringify(writes),
    ]);
    const [[, position]] = rows[0]?.results as [[number, number]];
    return BigInt(position);
  }

  async function remove(position: bigint): Promise<void> {
    const { eventStore, database } = cluster;
    if (!eventStore) {
      await cluster.options.postgres.query(database, 'DELETE FROM events WHERE position = $1', [position]);
      cluster.takenOut.push(position);
      return;
    }
    await eventStore.kill();
    eventStore.remove(position);
    await eventStore.start();
  }
}
