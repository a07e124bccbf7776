import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createUsageWriter } from '../../../src/commands/usage/record-usage.js';
import type { EventStore } from '../../../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../../../src/eventstore/postgres/postgres-event-store.js';
import { aConsumption } from '../../support/consumption.js';
import { readWholeLog } from '../../support/whole-log.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

let database: TestDatabase;
let stores: EventStore[];
beforeAll(async () => {
  database = await createTestDatabase();
  stores = [1, 2].map(() => createPostgresEventStore({ connectionString: database.url }));
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await database.drop();
});

it('charges each call of two processes once on PostgreSQL: hot and cold accounts, every tenth reported to both', async () => {
  const writers = stores.map((store) =>
    createUsageWriter({ store, now: Date.now, resolveWithinMs: 10_000, maxPending: 10_000 }),
  );
  const accounts = Array.from(
    { length: 50 },
    (_, index) => `22222222-2222-5222-8222-${String(index).padStart(12, '0')}`,
  );
  const charges = Array.from({ length: 2000 }, (_, index) =>
    aConsumption({ account_id: accounts[index % 3 === 0 ? 0 : index % 50]! }),
  );
  const reports = charges.flatMap((data, index) =>
    (index % 10 === 0 ? [0, 1] : [index % 2]).map((which) => ({ data, which })),
  );
  const ended = await Promise.all(
    reports.map(({ data, which }) =>
      writers[which]!.end({ event: { type: 'consumption-recorded', data }, recovered: which === 1 }),
    ),
  );
  expect(ended.every(({ quota }) => quota === 27n)).toBe(true);
  const events = await readWholeLog(stores[0]!);
  const calls = events.map(({ data }) => data.call_id);
  expect(calls).toHaveLength(charges.length);
  expect(new Set(calls)).toEqual(new Set(charges.map(({ call_id }) => call_id)));
});
