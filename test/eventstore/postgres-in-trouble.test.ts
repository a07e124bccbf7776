import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { appended, events, newStream } from '../support/event-store-contract/setup.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

describe('postgres event store when the database is in trouble', () => {
  let database: TestDatabase;
  let store: EventStore;
  const opened: EventStore[] = [];

  const open = (connectionString = database.url, requestTimeoutMs = 10_000): EventStore => {
    const another = createPostgresEventStore({ connectionString, requestTimeoutMs });
    opened.push(another);
    return another;
  };
  beforeAll(async () => {
    database = await createTestDatabase();
    store = open();
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
    await database.drop();
  });

  it('answers unknown when its connection is killed under an append, and the repeat finds or stores the one event', async () => {
    const victim = open();
    const stream = newStream();
    const write = { stream, expected: 'no-stream' as const, events: events(1) };
    const blocker = await database.pool.connect();
    await blocker.query('BEGIN; SELECT FROM log_head FOR UPDATE');
    const underWay = victim.append([write]);
    await eventually(async () => {
      const { rowCount } = await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%append_at_ends%'`,
      );
      return rowCount === 1;
    });
    await blocker.query('ROLLBACK');
    blocker.release();

    expect((await underWay).outcome).toBe('unknown');
    expect((await victim.append([write])).outcome).toBe('appended');
    expect((await victim.append([write])).outcome).toBe('appended');
    expect(await store.readStream(stream, { limit: 10 })).toHaveLength(1);
  });

  it('answers unknown when the answer is lost after the commit, and the repeat finds the event', async () => {
    const proxy = await startTcpProxy(database.url);
    const victim = open(proxy.url);
    await victim.append([{ stream: newStream(), expected: 'no-stream', events: events(1) }]);
    const stream = newStream();
    const write = { stream, expected: 'no-stream' as const, events: events(1) };
    proxy.swallowAnswers();
    const underWay = victim.append([write]);
    await eventually(async () => (await store.readStream(stream, { limit: 1 })).length === 1);
    proxy.cut();

    expect((await underWay).outcome).toBe('unknown');
    const repeated = await victim.append([write]);
    const [stored] = await store.readStream(stream, { limit: 10 });
    expect(repeated).toEqual({ outcome: 'appended', position: stored?.position, revisions: [0n] });
    await victim.close();
    await proxy.stop();
  });

  it('answers unknown, not never, when the database falls silent', async () => {
    const proxy = await startTcpProxy(database.url);
    const victim = open(proxy.url, 300);
    await victim.append([{ stream: newStream(), expected: 'no-stream', events: events(1) }]);
    proxy.swallowAnswers();
    const outcome = await victim.append([{ stream: newStream(), expected: 'no-stream', events: events(1) }]);
    expect(outcome.outcome).toBe('unknown');
    await expect(victim.head()).rejects.toThrow('cannot be read');
    victim.subscribe(() => undefined);
    await victim.close();
    await proxy.stop();
  });

  it('answers unavailable when another writer holds the log too long, and nothing is stored', async () => {
    const victim = open(database.url, 200);
    const stream = newStream();
    const blocker = await database.pool.connect();
    await blocker.query('BEGIN; SELECT FROM log_head FOR UPDATE');
    const outcome = await victim.append([{ stream, expected: 'no-stream', events: events(1) }]);
    await blocker.query('ROLLBACK');
    blocker.release();
    expect(outcome.outcome).toBe('unavailable');
    expect(await store.readStream(stream, { limit: 1 })).toEqual([]);
  });

  it('answers unavailable when nobody listens', async () => {
    const nowhere = open('postgres://nobody:x@127.0.0.1:1/none', 1_000);
    const outcome = await nowhere.append([{ stream: 'a', expected: 'no-stream', events: events(1) }]);
    expect(outcome.outcome).toBe('unavailable');
    await expect(nowhere.checkHealth()).rejects.toThrow('cannot be read');
    await expect(nowhere.head()).rejects.toThrow('cannot be read');
  });

  it('rings again after its listening connection was lost', async () => {
    let rings = 0;
    const stop = store.subscribe(() => rings++);
    await eventually(() => rings > 0);
    const { rowCount } = await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'counterfoil listen'`,
    );
    expect(rowCount).toBe(1);
    const before = rings;
    await eventually(() => rings > before);
    const reconnected = rings;
    await appended(store, newStream(), 'no-stream', events(1));
    await eventually(() => rings > reconnected);
    stop();
  });
});
