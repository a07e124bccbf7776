import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeEvent } from '../../src/domain/events/codec.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createEventStoreDb } from '../../src/eventstore/eventstoredb/event-store-db.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { messageId } from '../../src/reactions/outbox/message.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import { createCommandWorld } from '../support/command-world.js';
import { eventually } from '../support/eventually.js';
import { startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { readWholeLog } from '../support/whole-log.js';
import { MEMBER } from './support/bonus-reaction.js';

const KILLS = 5;
const PAYMENTS_A_KILL = 25;
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Counts what comes. Every third request gets no answer at first, so that there is always something between sending and marking. */
const tally = new Map<string, number>();
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const id = Buffer.concat(parts).toString();
    tally.set(id, (tally.get(id) ?? 0) + 1);
    if (tally.size % 3 === 0) setTimeout(() => response.end(), 30);
    else response.end();
  });
});

const running = new Set<ChildProcess>();
let database: TestDatabase;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  tally.clear();
  database = await createTestDatabase();
});
afterEach(() => database.drop());

interface Log {
  readonly store: EventStore;
  /** Where other processes find it; undefined: in the database. */
  readonly address: string | undefined;
  close(): Promise<void>;
}

const inPostgres = (): Promise<Log> => {
  const store = createPostgresEventStore({ connectionString: database.url });
  return Promise.resolve({ store, address: undefined, close: () => store.close() });
};

const inEventStoreDb = async (): Promise<Log> => {
  const standIn = await startEventStoreStandIn();
  const store = createEventStoreDb({ connectionString: standIn.connectionString, deadlineMs: 30_000 });
  const close = async () => {
    await store.close();
    await standIn.close();
  };
  return { store, address: standIn.connectionString, close };
};

async function start(address: string | undefined): Promise<ChildProcess> {
  const { port } = server.address() as AddressInfo;
  const program = [
    '--import',
    path('../support/typescript.mjs'),
    path('support/reacting-program.ts'),
    database.url,
    `http://127.0.0.1:${port}`,
    ...(address === undefined ? [] : [address]),
  ];
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, program, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH, HOME },
  });
  running.add(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  running.delete(child);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Payments are made while processes react to them and are killed in the midst of it. Answers how many. */
async function payAndKill({ store, address }: Log): Promise<number> {
  const { commands } = createCommandWorld({ wrap: () => store });
  const meta = { actor: 'service-key:test', requestId: 'test' };
  await commands.syncAccount({ externalUserId: MEMBER, username: 'alice' }, meta);
  const processes = await Promise.all([start(address), start(address)]);
  let payments = 0;
  const pay = async () => {
    for (let count = 0; count < PAYMENTS_A_KILL; count += 1) {
      const credited = await commands.creditPayment(
        { externalUserId: MEMBER, paymentId: `pi_${payments++}`, amountUsd: '1' },
        meta,
      );
      expect(credited.ok).toBe(true);
    }
  };
  for (let round = 0; round < KILLS; round += 1) {
    const victim = processes.shift() as ChildProcess;
    const replaced = start(address);
    const seen = tally.size;
    const paying = pay();
    // In the midst of it: the first of these payments has been told, others are under way.
    await eventually(() => tally.size > seen, { timeoutMs: 60_000, intervalMs: 1 });
    await kill(victim);
    await paying;
    // What the dead one had taken, without waiting for its lease.
    await database.pool.query(`UPDATE outbox SET lease_until = now() WHERE lease_until IS NOT NULL`);
    processes.push(await replaced);
  }
  return payments;
}

/** Everything has been sent. What the dead ones had taken comes again without waiting for its lease. */
async function allSent(): Promise<void> {
  const outbox = new PostgresOutbox(database.pool);
  await eventually(
    async () => {
      await database.pool.query(
        `UPDATE outbox SET lease_until = now() WHERE lease_until < now() + interval '14 seconds'`,
      );
      expect((await outbox.figures()).waiting).toBe(0);
    },
    { timeoutMs: 120_000, intervalMs: 100 },
  );
}

describe.each([
  ['in PostgreSQL', inPostgres],
  ['in EventStoreDB', inEventStoreDb],
])('with a log %s', (_where, open) => {
  let log: Log;
  beforeEach(async () => {
    log = await open();
  });
  afterEach(async () => {
    for (const child of running) await kill(child);
    await log.close();
  });

  it('every event reaches every receiver, once in effect, while its processes are killed again and again', async () => {
    const payments = await payAndKill(log);
    await allSent();
    const events = (await readWholeLog(log.store)).map(({ id, type, data }) => ({
      id,
      ...decodeEvent(type, data),
    }));
    const credits = events.filter(({ type }) => type === 'payment-credited');
    expect(credits).toHaveLength(payments);
    // A stranger was told of each at least once, under one id each.
    expect(new Set(tally.keys())).toEqual(new Set(credits.map(({ id }) => messageId('bonus', id, 'tally'))));
    // Our own command had its effect once for each.
    const given = events.flatMap((event) => (event.type === 'balance-adjusted' ? [event.data] : []));
    expect(given.map(({ adjustment_id }) => adjustment_id).sort()).toEqual(
      credits.map(({ id }) => messageId('bonus', id, 'command')).sort(),
    );
    const { rows } = await database.pool.query(
      'SELECT state, count(*)::int AS messages FROM outbox GROUP BY state',
    );
    expect(rows).toEqual([{ state: 'delivered', messages: 2 * payments }]);
  }, 300_000);
});
