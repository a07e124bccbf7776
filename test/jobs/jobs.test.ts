import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createJobDesk } from '../../src/compose/jobs.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createRealLedger, type RealLedger } from '../http/support/real-ledger.js';
import { anEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';

let ledger: RealLedger;
let desk: ReturnType<typeof createJobDesk>;
/** What happens when a job looks where the log ends. */
let head: () => Promise<bigint>;
let faults: unknown[];

beforeAll(async () => {
  ledger = await createRealLedger();
  await ledger.given(anEvent('account-registered'), anEvent('payment-credited'));
});
afterAll(() => ledger.close());
beforeEach(async () => {
  await ledger.pool.query('DELETE FROM jobs');
  faults = [];
  desk = newDesk();
});
afterEach(() => desk.stop());

function newDesk() {
  const store: EventStore = Object.create(ledger.store, { head: { value: () => head() } });
  return createJobDesk({
    store,
    pool: ledger.pool,
    cachedBalance: undefined,
    openTexts: ledger.vault.openTexts,
    timezone: 'UTC',
    backups: undefined,
    onVerified: () => Promise.resolve(),
    onFault: (error) => faults.push(error),
  });
}

/** A job that waits until it is let go. */
async function held(): Promise<{ readonly id: string; readonly letGo: () => void }> {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  head = () => gate.then(() => ledger.store.head());
  const id = randomUUID();
  expect(await desk.desk.start(id, { type: 'verify' }, 'operator:alice')).toBe('begun');
  return { id, letGo };
}
const stateOf = async (id: string) => (await desk.desk.find(id))?.state;

it('goes no further once it is cancelled', async () => {
  const { id, letGo } = await held();
  expect(await desk.desk.cancel(id)).toBe(true);
  expect(await desk.desk.find(id)).toMatchObject({ state: 'running', cancelRequested: true });
  letGo();
  await eventually(async () => (await stateOf(id)) === 'cancelled');
  expect((await desk.desk.find(id))?.result).toBeUndefined();
  expect(await desk.desk.cancel(id)).toBe(false);
});

it('is cancelled by another process than the one that does it', async () => {
  const { id, letGo } = await held();
  const other = newDesk();
  expect(await other.desk.cancel(id)).toBe(true);
  // The process that does it hears of it with its next beat.
  await eventually(async () => {
    const { rows } = await ledger.pool.query<{ beaten: boolean }>(
      `SELECT alive_until > created_at + interval '16 seconds' AS beaten FROM jobs WHERE id = $1`,
      [id],
    );
    return rows[0]?.beaten === true;
  });
  letGo();
  await eventually(async () => (await stateOf(id)) === 'cancelled');
  await other.stop();
});

it('is interrupted by the end of its process', async () => {
  const { id, letGo } = await held();
  const stopped = desk.stop();
  letGo();
  await stopped;
  expect(await stateOf(id)).toBe('interrupted');
  expect(await desk.desk.start(randomUUID(), { type: 'verify' }, 'operator:alice')).toBe('busy');
});

it('is one of two at most, in all processes together', async () => {
  const [first, second] = [await held(), await held()];
  const other = newDesk();
  expect(await other.desk.start(randomUUID(), { type: 'verify' }, 'operator:bob')).toBe('busy');
  first.letGo();
  second.letGo();
  await eventually(async () => (await stateOf(first.id)) === 'finished');
  await eventually(async () => (await stateOf(second.id)) === 'finished');
  expect(await other.desk.start(randomUUID(), { type: 'verify' }, 'operator:bob')).toBe('begun');
  await other.stop();
});

it('fails in words of ours, and what happened goes to the log of the process', async () => {
  head = () => Promise.reject(new Error('a secret of the server'));
  const id = randomUUID();
  await desk.desk.start(id, { type: 'verify' }, 'operator:alice');
  await eventually(async () => (await stateOf(id)) === 'failed');
  expect((await desk.desk.find(id))?.fault).toBe(
    'something unexpected happened: the log of the process has it',
  );
  expect(faults).toMatchObject([{ message: 'a secret of the server' }]);
});

it('is forgotten after a month with what it made, and files that were not used after a day', async () => {
  head = () => ledger.store.head();
  const [old, young] = [randomUUID(), randomUUID()];
  for (const id of [old, young]) {
    await desk.desk.start(id, { type: 'verify' }, 'operator:alice');
    await eventually(async () => (await stateOf(id)) === 'finished');
  }
  await ledger.pool.query(`UPDATE jobs SET ended_at = now() - interval '31 days' WHERE id = $1`, [old]);
  await ledger.pool.query(
    `INSERT INTO job_files (id, name, media_type, bytes, created_at) VALUES ($1, 'a', 'text/csv', 0, now() - interval '25 hours')`,
    [randomUUID()],
  );
  await desk.purge();
  expect([await stateOf(old), await stateOf(young)]).toEqual([undefined, 'finished']);
  const { rows } = await ledger.pool.query<{ name: string }>('SELECT name FROM job_files');
  expect(rows).toHaveLength(1);
});
