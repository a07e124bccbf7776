import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import { appendOne, withEventStore } from '../cluster/event-store-client.js';
import { runCli } from '../support/run-cli.js';
import type { FaultWorld } from './inject.js';

/** A type that no version of the program ever wrote, in a stream that is the ledger's by its name. */
const POISON = 'mystery-happened.v1';
const NOTICED_WITHIN_MS = 30_000;

/** An event that nobody can read comes into the log; the ledger's projections must stop and say so; a person skips it, and they go on. */
export async function injectPoison({ cluster, turns, complain }: FaultWorld): Promise<undefined> {
  const { service } = cluster.member('projector');
  const patience = { timeoutMs: NOTICED_WITHIN_MS, intervalMs: 100 };
  await turns.take('servers', async () => {
    const position = await append();
    if (!(await eventually(saysSo, patience).catch(() => false)))
      complain('the projector did not say that it stopped for a poison event');
    const args = ['--position', String(position), '--reason', 'torture', '--by', 'torture'];
    await runCli(cluster, 'poison', 'skip', ...args);
    if (!(await eventually(async () => !(await saysSo()), patience).catch(() => false)))
      complain('the projector did not go on past a poison event that was skipped');
  });
  return undefined;

  async function saysSo(): Promise<boolean> {
    const response = await fetch(`${service.url}/readyz`, { signal: AbortSignal.timeout(3_000) });
    return response.status === 503 && (await response.text()).includes(POISON);
  }

  async function append(): Promise<bigint> {
    const { eventStore, database } = cluster;
    if (eventStore) {
      const stream = `setting-${randomUUID()}`;
      return withEventStore(eventStore.url, (client) => appendOne(client, stream, POISON, { poison: true }));
    }
    const event = { i: randomUUID(), t: POISON, d: '{"poison":true}', m: '{}' };
    const writes = [{ c: 0, s: `setting-${randomUUID()}`, e: -1, v: [event] }];
    const rows = await cluster.options.postgres.query(database, 'SELECT append_events($1) AS results', [
      JSON.stringify(writes),
    ]);
    const [[, position]] = rows[0]?.results as [[number, number]];
    return BigInt(position);
  }
}
