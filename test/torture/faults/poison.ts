import { randomUUID } from 'node:crypto';
import { sealsOf } from '../../../src/compose/seals.js';
import { createEventStoreDb } from '../../../src/eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { eventually } from '../../support/eventually.js';
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

  /** By a program that has the ledger's key, since what is not sealed is a wrong log rather than an event in the way. */
  async function append(): Promise<bigint> {
    const { DATABASE_URL = '', EVENTSTORE_URL, MASTER_KEY = '' } = cluster.environment;
    const seals = sealsOf(Buffer.from(MASTER_KEY, 'base64'));
    const store = EVENTSTORE_URL
      ? createEventStoreDb({ connectionString: EVENTSTORE_URL, deadlineMs: 10_000, seals })
      : createPostgresEventStore({ connectionString: DATABASE_URL, seals });
    const event = { id: randomUUID(), type: POISON, data: { poison: true }, metadata: {} };
    const stream = `setting-${randomUUID()}`;
    const outcome = await store.append([{ stream, expected: 'no-stream', events: [event] }]);
    await store.close();
    if (outcome.outcome !== 'appended')
      throw new Error(`the poison event was not stored: ${outcome.outcome}`);
    return outcome.position;
  }
}
