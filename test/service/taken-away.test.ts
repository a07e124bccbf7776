import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustomer, frontEnd, succeed } from '../acceptance/support/clients.js';
import { paymentUuidOf } from '../../src/commands/handling/identifiers.js';
import { type Service, startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import { paymentStream } from '../../src/domain/streams.js';
import { Commands } from '../support/commands.js';
import { eventually } from '../support/eventually.js';
import { openEventStoreDb } from '../support/eventstoredb-processes.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ledgerEnvironment } from './ledger-environment.js';

const commands = new Commands();
afterAll(() => commands.close());

const patience = { timeoutMs: 60_000, intervalMs: 100 };

describe('a payment whose events an operator took away', () => {
  let folder: string;
  let database: TestDatabase;
  let environment: Record<string, string>;
  const undo: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-taken-away-'));
    database = await createTestDatabase();
    environment = ledgerEnvironment(database, folder);
  }, 120_000);
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  async function start(): Promise<Service> {
    const service = await startService(readConfig(environment), pino({ level: 'silent' }), () => undefined);
    undo.push(() => service.close());
    return service;
  }
  const payment = (id: string) => ({ external_user_id: id, amount_usd: 1, payment_id: 'pi-1' });
  const verify = () => commands.run(['verify'], environment);
  const stoppedBecause = async (url: string) => {
    const response = await fetch(`${url}/readyz`);
    const { parts } = (await response.json()) as { parts: Record<string, { reason?: string }> };
    return `${parts['event store']?.reason} ${parts.projector?.reason}`;
  };

  const newestRevision = async (operator: EventStoreDBClient, stream: string) => {
    let newest: bigint | undefined;
    for await (const { event } of operator.readStream(stream, {
      direction: BACKWARDS,
      fromRevision: END,
      maxCount: 1,
    }))
      newest = event?.revision;
    return newest;
  };

  /** Of a start that is refused, or that stops at once. */
  async function whatAStartSays(): Promise<string> {
    const started = await start().catch((error: Error) => error.message);
    if (typeof started === 'string') return started;
    await eventually(
      async () => expect(await stoppedBecause(started.url)).toContain('at position'),
      patience,
    );
    const told = await stoppedBecause(started.url);
    await started.close();
    return told;
  }

  it('is not credited again, in EventStoreDB: all stops, says why, and goes on when it is undone', async () => {
    const eventStoreDb = await openEventStoreDb();
    undo.push(() => eventStoreDb.close());
    environment.EVENTSTORE_URL = eventStoreDb.connectionString;
    const first = await start();
    const { id } = await createCustomer(first.url, 1);
    await succeed(first.url, 'POST', '/topup', payment(id));
    const operator = EventStoreDBClient.connectionString(eventStoreDb.connectionString);
    undo.push(() => operator.dispose());
    const stream = paymentStream(paymentUuidOf('pi-1'));

    await operator.deleteStream(stream);
    expect((await frontEnd(first.url, 'POST', '/topup', payment(id))).status).toBe(503);

    await eventually(async () => expect(await stoppedBecause(first.url)).toContain(stream), patience);
    expect((await frontEnd(first.url, 'POST', '/topup', payment(id))).status).toBe(503);
    expect(await verify()).toMatchObject({ code: 3, stderr: expect.stringContaining(stream) });
    await first.close();

    await operator.setStreamMetadata(stream, {});
    // A repeat that was stored before anybody knew stands behind the old revisions: its seal is of the place that it was meant for, and a person decides.
    if ((await newestRevision(operator, stream)) === 1n) {
      const told = await whatAStartSays();
      expect(told).toContain(`revision 1 of ${stream}`);
      const place = ['--position', /at position (\d+)/.exec(told)?.[1] ?? ''];
      const skip = ['poison', 'skip', ...place, '--by', 'ann', '--reason', 'the repeat'];
      expect(await commands.run(skip, environment)).toMatchObject({ code: 0 });
    }
    const second = await start();
    await eventually(async () => expect((await fetch(`${second.url}/readyz`)).status).toBe(200), patience);
    const again = await succeed(second.url, 'POST', '/topup', payment(id));
    expect(again.current_quota).toBe(1_000_000);
    expect(await verify()).toMatchObject({ code: 0, stdout: expect.stringContaining('drift 0') });
  }, 300_000);

  it('is found by verify, in PostgreSQL, where its row was deleted', async () => {
    const service = await start();
    const { id } = await createCustomer(service.url, 1);
    await succeed(service.url, 'POST', '/topup', payment(id));
    const { rows } = await database.pool.query<{ position: bigint }>(
      'SELECT position FROM events WHERE stream = $1',
      [paymentStream(paymentUuidOf('pi-1'))],
    );
    await expect(
      database.pool.query('DELETE FROM events WHERE position = $1', [rows[0]?.position]),
    ).rejects.toThrow('events are for ever');
    await service.close();

    await database.pool.query('ALTER TABLE events DISABLE TRIGGER USER');
    await database.pool.query('DELETE FROM events WHERE position = $1', [rows[0]?.position]);

    const found = await verify();
    expect(found).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`position ${rows[0]?.position}`),
    });
  }, 180_000);
});
