import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { grantService, mayChangeLog } from '../../src/postgres/service-role.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const role = `service_${randomUUID().replaceAll('-', '')}`;
const event = (id: string) => ({ id, type: 'something.v1', data: {}, metadata: {} });

let database: TestDatabase;
let url: string;
let service: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'of-this-test'`);
  // A read model that was made before the service had a role of its own.
  await database.pool.query('CREATE SCHEMA p_older; CREATE TABLE p_older.rows (id bigint PRIMARY KEY)');
  await grantService(database.pool, role);
  const address = new URL(database.url);
  [address.username, address.password] = [role, 'of-this-test'];
  url = address.href;
  service = createPool({ connectionString: url, max: 4, applicationName: 'test' });
});
afterAll(async () => {
  await service.end();
  await database.pool.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  await database.drop();
});

describe('the role of the service', () => {
  it('adds to the log and reads it, also where a call that writes several streams fails at the last', async () => {
    const store = createPostgresEventStore({ connectionString: url });
    const [first, second] = [randomUUID(), randomUUID()];
    const write = (stream: string, id: string) =>
      ({ stream, expected: 'no-stream', events: [event(id)] }) as const;
    expect(await store.append([write('a', first)])).toMatchObject({ outcome: 'appended', position: 0n });
    expect(await store.append([write('b', second), write('a', randomUUID())])).toMatchObject({
      outcome: 'conflict',
      stream: 'a',
    });
    expect(await store.append([write('b', second)])).toMatchObject({ outcome: 'appended', position: 1n });
    const { events } = await store.readAll({ after: -1n, limit: 10 });
    expect(events.map(({ id }) => id)).toEqual([first, second]);
    await store.close();
  });

  it.each([
    `UPDATE events SET type = 'other.v1'`,
    'DELETE FROM events',
    'TRUNCATE events',
    'DROP TABLE events',
    'ALTER TABLE events ADD COLUMN note text',
    'ALTER TABLE events DISABLE TRIGGER ALL',
    'DELETE FROM log_head',
    'CREATE RULE nothing AS ON INSERT TO events DO INSTEAD NOTHING',
    'CREATE OR REPLACE FUNCTION append_events(writes json) RETURNS json LANGUAGE sql AS $$ SELECT $1 $$',
    'UPDATE schema_migrations SET breaking = false',
    'SET ROLE pg_write_all_data',
  ])('may not: %s', async (statement) => {
    const before = await database.pool.query('SELECT * FROM events ORDER BY position');
    await expect(service.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    expect((await database.pool.query('SELECT * FROM events ORDER BY position')).rows).toEqual(before.rows);
  });

  it('cannot put a table of its session between the log and the function that writes to it', async () => {
    const client = await service.connect();
    try {
      await client.query('CREATE TEMP TABLE events (LIKE public.events)');
      const id = randomUUID();
      const writes = [{ c: 0, s: 'c', e: -1, v: [{ i: id, t: 'something.v1', d: '{}', m: '{}' }] }];
      await client.query('SELECT append_events($1)', [JSON.stringify(writes)]);
      const { rowCount } = await database.pool.query('SELECT FROM public.events WHERE id = $1', [id]);
      expect(rowCount).toBe(1);
    } finally {
      client.release(true);
    }
  });

  it('owns the read models, those that were there before too, and starts without the right to migrate', async () => {
    await service.query('INSERT INTO p_older.rows VALUES (1); DROP SCHEMA p_older CASCADE');
    await service.query('CREATE SCHEMA p_newer; CREATE TABLE p_newer.rows (id bigint)');
    await service.query(
      'INSERT INTO outbox (id, receiver, kind, payload, source) VALUES ($1, $2, $2, $3, $2)',
      [randomUUID(), 'x', '{}'],
    );
    expect(await migrate(service)).toEqual([]);
    await grantService(database.pool, role);
  });

  it('is told from one that could change the log', async () => {
    expect([await mayChangeLog(service), await mayChangeLog(database.pool)]).toEqual([false, true]);
  });
});
