import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustomer, succeed } from '../acceptance/support/clients.js';
import { signInAdmin } from '../acceptance/support/operator.js';
import { type Service, startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { Commands } from '../support/commands.js';
import { eventually } from '../support/eventually.js';
import { openEventStoreDb } from '../support/eventstoredb-processes.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ledgerEnvironment } from './ledger-environment.js';

const commands = new Commands();
afterAll(() => commands.close());

const patience = { timeoutMs: 60_000, intervalMs: 100 };
const strange = (type = 'mystery-happened.v1') => ({
  id: randomUUID(),
  type,
  data: { odd: 1 },
  metadata: {},
});

describe.each(['PostgreSQL', 'EventStoreDB'] as const)('a log in %s', (kind) => {
  let folder: string;
  let database: TestDatabase;
  let environment: Record<string, string>;
  let service: Service;
  /** Another program with a way to the same log. */
  let neighbour: EventStore;
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-poison-'));
    database = await createTestDatabase();
    environment = {
      ...ledgerEnvironment(database, folder),
      // What is in the way here is an event that cannot be read, rather than one without a seal.
      SEALED_LOG: 'optional',
    };
    if (kind === 'EventStoreDB') {
      const eventStoreDb = await openEventStoreDb();
      undo.push(() => eventStoreDb.close());
      environment.EVENTSTORE_URL = eventStoreDb.connectionString;
      neighbour = createEventStoreDb({ connectionString: eventStoreDb.connectionString, deadlineMs: 5_000 });
    } else {
      neighbour = createPostgresEventStore({ connectionString: database.url });
    }
    undo.push(() => neighbour.close());
    service = await startService(readConfig(environment), pino({ level: 'silent' }), () => undefined);
    undo.push(() => service.close());
  }, 120_000);

  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  const append = async (stream: string) => {
    const outcome = await neighbour.append([{ stream, expected: 'no-stream', events: [strange()] }]);
    if (outcome.outcome !== 'appended') throw new Error(outcome.outcome);
    return outcome.position;
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    return new RegExp(`^counterfoil_${name}(?:\\{.*\\})? (\\d+)$`, 'm').exec(text)?.[1];
  };
  const topUp = (id: string, paymentId: string) =>
    succeed(service.url, 'POST', '/topup', { external_user_id: id, amount_usd: 1, payment_id: paymentId });
  const drift = async () => {
    const { stdout, stderr } = await commands.run(['verify', '--json'], environment);
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout) as { drift: number; passedOver: { skipped: number; foreign: number } };
  };

  it('is used by others as well: their events stop nothing, are counted, and are no drift', async () => {
    const { id } = await createCustomer(service.url, 1);
    await append('orders-1');
    await append('audit');
    await topUp(id, 'pi-1');
    expect(await metric('foreign_events')).toMatch(/^[1-9]/);
    expect(await metric('ledger_stopped')).toBe('0');
    expect(await drift()).toMatchObject({ drift: 0, passedOver: { skipped: 0 } });
  }, 180_000);

  it('has an event of ours that nobody can read: it is shown, skipped by an event, and all goes on', async () => {
    const { id } = await createCustomer(service.url, 1);
    const admin = await signInAdmin({ database, store: neighbour }, service.url);
    const position = await append(`setting-${randomUUID()}`);
    await eventually(async () => expect(await metric('ledger_stopped')).toBe('1'), patience);
    const listed = await commands.run(['poison', 'list'], environment);
    expect(listed.stdout).toContain('mystery-happened.v1');
    const shown = await commands.run(['poison', 'show', '--position', String(position)], environment);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      event: { type: 'mystery-happened.v1', data: { odd: 1 } },
      reason: 'mystery-happened.v1: no such event is known',
    });
    const skip = (at: bigint) =>
      commands.run(
        ['poison', 'skip', '--position', String(at), '--reason', 'by hand', '--by', 'ann'],
        environment,
      );
    expect((await skip(0n)).stderr).toContain('nothing is in the way at position 0');
    expect(await skip(position)).toMatchObject({ code: 0 });
    expect((await skip(position)).stderr).toContain('was skipped before');

    await eventually(async () => expect(await metric('ledger_stopped')).toBe('0'), patience);
    expect((await topUp(id, 'pi-1')).current_quota).toBe(1_000_000);
    expect(await drift()).toMatchObject({ drift: 0, passedOver: { skipped: 1 } });
    const rebuilt = await commands.run(['rebuild', 'all', '--verify'], environment);
    expect(rebuilt).toMatchObject({ code: 0 });
    const after = await commands.run(['poison', 'list', '--json'], environment);
    expect(JSON.parse(after.stdout)).toMatchObject({
      obstacles: [],
      skipped: [{ reason: 'by hand', by: 'operator:ann' }],
    });

    const second = await append(`setting-${randomUUID()}`);
    const place = `/poison/${second}`;
    await eventually(async () => expect(await metric('ledger_stopped')).toBe('1'), patience);
    expect(await admin('GET', '/poison')).toMatchObject({
      obstacles: [{ position: String(second), event: { type: 'mystery-happened.v1' } }],
      skipped: [{ reason: 'by hand', by: 'operator:ann' }],
    });
    expect(JSON.parse((await admin('GET', place)).data)).toEqual({ odd: 1 });
    await expect(admin('POST', '/poison/0/skip', { reason: 'no' })).rejects.toThrow('not_in_the_way');
    await admin('POST', `${place}/skip`, { reason: 'from a browser' });
    await admin('POST', `${place}/skip`, { reason: 'once more' });
    await eventually(async () => expect(await metric('ledger_stopped')).toBe('0'), patience);
    expect(await admin('GET', place)).toMatchObject({
      skipped: { reason: 'from a browser', by: 'operator:root' },
    });
    const exported = await commands.run(
      ['export', '--from', '2020-01-01', '--to', '2099-01-01'],
      environment,
    );
    expect(exported).toMatchObject({ code: 0 });
  }, 240_000);
});
