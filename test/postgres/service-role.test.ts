import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { pino } from 'pino';
import { openDatabase } from '../../src/compose/database.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
import { readConfig } from '../../src/config.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { Seals } from '../../src/eventstore/seals.js';
import { migrate } from '../../src/postgres/migrate.js';
import { createPool } from '../../src/postgres/pool.js';
import { grantService, mayChangeLog } from '../../src/postgres/service-role.js';
import { createSealKey } from '../../src/support/seal-key.js';
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
    'ALTER TABLE events DISABLE TRIGGER keep_events',
    'DROP TRIGGER keep_events ON events',
    'DROP FUNCTION append_at_ends',
    'ALTER FUNCTION keep_events() RENAME TO keep_none',
    'SET session_replication_role = replica',
    `INSERT INTO schema_migrations VALUES (9999, 'x', true)`,
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

  it('owns nothing beside read models: no table, no sequence, no function, no schema', async () => {
    const { rows } = await database.pool.query<{ what: string }>(
      `SELECT relnamespace::regnamespace || '.' || relname AS what FROM pg_class WHERE relowner = $1::regrole
       UNION ALL SELECT proname FROM pg_proc WHERE proowner = $1::regrole
       UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = $1::regrole
       UNION ALL SELECT datname FROM pg_database WHERE datdba = $1::regrole`,
      [role],
    );
    expect(rows.filter(({ what }) => !what.startsWith('p_') && !what.startsWith('pg_t'))).toEqual([]);
  });

  it('cannot forge an event that a sealed ledger takes: the key is not in the database', async () => {
    const seals = new Seals(createSealKey(randomBytes(32)));
    const store = createPostgresEventStore({ connectionString: url, seals });
    const stream = `payment-${randomUUID()}`;
    await store.append([{ stream, expected: 'no-stream', events: [event(randomUUID())] }]);
    await service.query(
      `INSERT INTO events SELECT position + 1, stream, revision + 1, gen_random_uuid(), type, data, metadata, now() FROM events WHERE stream = $1`,
      [stream],
    );
    const [ours, forged] = await store.readStream(stream, { limit: 2 });
    const sealings = [{ keyId: seals.keyId, position: 0n }];
    expect(ours && seals.faultOf(ours, sealings)).toBeUndefined();
    expect(forged && seals.faultOf(forged, sealings)).toContain('not that of what it says');
    await store.close();
  });

  it('is what the service works under, when a start has migrated as the owner', async () => {
    const empty = await createTestDatabase({ empty: true });
    const own = new URL(empty.url);
    [own.username, own.password] = [role, 'of-this-test'];
    const log = pino({ level: 'silent' });
    const shutdown = new ShutdownList(log);
    try {
      const config = readConfig({ DATABASE_URL: own.href, DATABASE_OWNER_URL: empty.url });
      const { pool } = await openDatabase({ config, log, shutdown });
      const { rows } = await pool.query<{ me: string; owner: string }>(
        `SELECT current_user AS me, tableowner AS owner FROM pg_tables WHERE tablename = 'events'`,
      );
      const owner = decodeURIComponent(new URL(empty.url).username);
      expect(rows).toEqual([{ me: role, owner }]);
      expect(await mayChangeLog(pool)).toBe(false);
      await expect(pool.query('CREATE TABLE public.more (id bigint)')).rejects.toThrow('permission denied');
      expect(await migrate(pool)).toEqual([]);
    } finally {
      await shutdown.run();
      await empty.pool.query(`DROP OWNED BY ${role} CASCADE`);
      await empty.drop();
    }
  });

  it('is told from one that could change the log', async () => {
    expect([await mayChangeLog(service), await mayChangeLog(database.pool)]).toEqual([false, true]);
  });
});
