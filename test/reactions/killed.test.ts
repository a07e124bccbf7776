import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { decodeEvent } from '../../src/domain/events/catalogue.js';
import type { EventStore } from '../../src/eventstore/event-store.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { messageId } from '../../src/reactions/outbox/message.js';
import { PostgresOutbox } from '../../src/reactions/outbox/postgres-outbox.js';
import { createCommandWorld } from '../support/command-world.js';
import { eventually } from '../support/eventually.js';
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
let store: EventStore;

beforeAll(async () => {
  database = await createTestDatabase();
  store = createPostgresEventStore({ connectionString: database.url });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  for (const child of running) await kill(child);
  server.closeAllConnections();
  server.close();
  await store.close();
  await database.drop();
});

async function start(): Promise<ChildProcess> {
  const { port } = server.address() as AddressInfo;
  const program = [
    '--import',
    path('../support/typescript.mjs'),
    path('support/reacting-program.ts'),
    database.url,
    `http://127.0.0.1:${port}`,
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

it('every event reaches every receiver, once in effect, while its processes are killed again and again', async () => {
  const { commands } = createCommandWorld({ wrap: () => store });
  const meta = { actor: 'service-key:test', requestId: 'test' };
  await commands.syncAccount({ externalUserId: MEMBER, username: 'alice' }, meta);
  const outbox = new PostgresOutbox(database.pool);
  const processes = [await start(), await start()];
  let payments = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const victim = processes.shift() as ChildProcess;
    for (let count = 0; count < PAYMENTS_A_KILL; count += 1) {
      const credited = await commands.creditPayment(
        { externalUserId: MEMBER, paymentId: `pi_${payments++}`, amountUsd: '1' },
        meta,
      );
      expect(credited.ok).toBe(true);
    }
    // In the midst of sending.
    const seen = tally.size;
    await eventually(() => tally.size > seen, { timeoutMs: 20_000, intervalMs: 1 });
    await kill(victim);
    // What the dead one had taken, without waiting for its lease.
    await database.pool.query(`UPDATE outbox SET lease_until = now() WHERE lease_until IS NOT NULL`);
    processes.push(await start());
  }
  await eventually(
    async () => {
      await database.pool.query(
        `UPDATE outbox SET lease_until = now() WHERE lease_until < now() + interval '14 seconds'`,
      );
      expect((await outbox.figures()).waiting).toBe(0);
    },
    { timeoutMs: 60_000, intervalMs: 100 },
  );

  const events = (await readWholeLog(store)).map((event) => ({
    ...event,
    ...decodeEvent(event.type, event.data),
  }));
  const credits = events.filter(({ type }) => type === 'payment-credited');
  expect(credits).toHaveLength(payments);
  // A stranger was told of each at least once, under one id each.
  expect(new Set(tally.keys())).toEqual(new Set(credits.map(({ id }) => messageId('bonus', id, 'tally'))));
  // Our own command had its effect once for each.
  const given = events.flatMap((event) => (event.type === 'balance-adjusted' ? [event.data] : []));
  expect(given.map(({ reason }) => reason).sort()).toEqual(
    credits.flatMap(({ data }) => ('payment_id' in data ? [`bonus of ${data.payment_id}`] : [])).sort(),
  );
  const { rows } = await database.pool.query(
    'SELECT state, count(*)::int AS messages FROM outbox GROUP BY state',
  );
  expect(rows).toEqual([{ state: 'delivered', messages: 2 * payments }]);
}, 180_000);
