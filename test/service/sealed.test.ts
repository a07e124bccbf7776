import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustomer, succeed } from '../acceptance/support/clients.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { type Service, startService } from '../../src/compose/service.js';
import { readConfig } from '../../src/config.js';
import { paymentStream } from '../../src/domain/streams.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { counterfoil } from '../support/counterfoil.js';
import { anEvent, eventData } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { openEventStoreDb } from '../support/eventstoredb-processes.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ledgerEnvironment } from './ledger-environment.js';

const patience = { timeoutMs: 60_000, intervalMs: 100 };

describe.each(['PostgreSQL', 'EventStoreDB'] as const)('a sealed log in %s', (kind) => {
  let folder: string;
  let database: TestDatabase;
  let environment: Record<string, string>;
  /** Who has a way to the same log, and not the key. */
  let forger: EventStore;
  const undo: (() => Promise<unknown>)[] = [];
  const start = async (): Promise<Service> => {
    const service = await startService(readConfig(environment), pino({ level: 'silent' }), () => undefined);
    undo.push(() => service.close());
    return service;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'counterfoil-sealed-'));
    database = await createTestDatabase();
    environment = ledgerEnvironment(database, folder);
    if (kind === 'EventStoreDB') {
      const eventStoreDb = await openEventStoreDb();
      undo.push(() => eventStoreDb.close());
      environment.EVENTSTORE_URL = eventStoreDb.connectionString;
      forger = createEventStoreDb({ connectionString: eventStoreDb.connectionString, deadlineMs: 5_000 });
    } else forger = createPostgresEventStore({ connectionString: database.url });
    undo.push(() => forger.close());
  }, 120_000);

  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  it('stops at a credit that did not come through the service, says so, and goes on when a person has skipped it', async () => {
    const first = await start();
    const { id } = await createCustomer(first.url, 1);
    const credit = anEvent('payment-credited', {
      payment_id: 'pi_forged',
      quota: 2_500_000_000n,
      amount_usd: '5000',
    });
    const stream = paymentStream(randomUUID());
    const outcome = await forger.append([{ stream, expected: 'no-stream', events: [eventData(credit)] }]);
    if (outcome.outcome !== 'appended') throw new Error(outcome.outcome);

    await eventually(async () => {
      const answer = await fetch(`${first.url}/readyz`);
      expect(answer.status).toBe(503);
      const told = await answer.text();
      for (const words of [
        stream,
        `position ${outcome.position}`,
        'it has no seal',
        'counterfoil poison skip',
      ])
        expect(told).toContain(words);
    }, patience);
    const refused = await fetch(`${first.url}/api/user/external/topup`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ external_user_id: id, amount_usd: 1, payment_id: 'pi-1' }),
    });
    expect(refused.status).toBe(503);
    await first.close();

    const place = ['--position', String(outcome.position)];
    const told = await counterfoil(['poison', 'show', ...place], environment);
    expect(JSON.parse(told.stdout)).toMatchObject({ reason: expect.stringContaining('it has no seal') });
    const skipped = await counterfoil(
      ['poison', 'skip', ...place, '--reason', 'forged', '--by', 'ann'],
      environment,
    );
    expect(skipped).toMatchObject({ code: 0 });

    const second = await start();
    const topUp = { external_user_id: id, amount_usd: 1, payment_id: 'pi-1' };
    expect(await succeed(second.url, 'POST', '/topup', topUp)).toMatchObject({ current_quota: 1_000_000 });
    const { stdout } = await counterfoil(['verify', '--json'], environment);
    const verified = JSON.parse(stdout) as { drift: number; checks: { name: string; compared: number }[] };
    expect(verified).toMatchObject({ drift: 0, passedOver: { skipped: 1 } });
    expect(verified.checks.find(({ name }) => name === 'seals of events')?.compared).toBeGreaterThan(5);
  }, 180_000);
});
