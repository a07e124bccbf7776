import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createCustomer, frontEnd, succeed } from '../acceptance/support/clients.js';
import { openLogAsItIs } from '../../src/compose/any-log.js';
import { startService, type Service } from '../../src/compose/service.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
import { readConfig } from '../../src/config.js';
import { allProjections } from '../../src/projections/all-projections.js';
import { readCheckpoints } from '../../src/projections/runtime/checkpoints.js';
import { rebuildAll } from '../../src/projections/runtime/rebuild.js';
import { eventually } from '../support/eventually.js';
import { type EventStoreStandIn, startEventStoreStandIn } from '../support/eventstoredb-stand-in/index.js';
import { StandInLog } from '../support/eventstoredb-stand-in/log.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { copyDatabase, dropDatabase, exchangeDatabases } from '../support/whole-databases.js';
import { ServiceProcess } from '../support/service-process.js';
import { ledgerEnvironment } from './ledger-environment.js';

type Environment = Record<string, string>;

const silent = pino({ level: 'silent' });
const masterKey = () => randomBytes(32).toString('base64');
const patience = { timeoutMs: 60_000, intervalMs: 100 };

let folder: string;
let database: TestDatabase;
let environment: Environment;
const undo: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-which-log-'));
  database = await createTestDatabase();
  environment = ledgerEnvironment(database, folder);
}, 120_000);

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function start(changes: Environment = {}): Promise<Service> {
  const service = await startService(readConfig({ ...environment, ...changes }), silent, () => undefined);
  undo.push(() => service.close());
  return service;
}

async function startRedisServer(): Promise<TestRedis> {
  const redis = await startRedis();
  undo.push(() => redis.stop());
  return redis;
}

async function startLog(log: StandInLog, port = 0): Promise<EventStoreStandIn> {
  const standIn = await startEventStoreStandIn({ log, port });
  undo.push(() => standIn.close());
  return standIn;
}

/** It goes with the test. */
async function copyOfDatabase(): Promise<string> {
  const copy = await copyDatabase(database.url);
  undo.unshift(() => dropDatabase(copy));
  return copy;
}

const topUp = (url: string, id: string, paymentId: string) =>
  frontEnd(url, 'POST', '/topup', { external_user_id: id, amount_usd: 1, payment_id: paymentId });
const readiness = async (url: string) => {
  const response = await fetch(`${url}/readyz`);
  const { parts } = (await response.json()) as { parts: Record<string, { reason?: string }> };
  return { status: response.status, reason: parts['event store']?.reason ?? '' };
};
const openAlarms = async () =>
  (
    await database.pool.query<{ key: string }>(
      `SELECT key FROM alerts WHERE kind = 'wrong-log' AND resolved_at IS NULL`,
    )
  ).rows.map(({ key }) => key);
const ours = ({ events }: StandInLog) => events.filter(({ stream }) => !stream.startsWith('$'));
const copyOf = (log: StandInLog, count = log.events.length) =>
  new StandInLog(undefined, log.events.slice(0, count));

describe('a log in EventStoreDB that is exchanged under a running process', () => {
  it.each(['empty', 'older', "another ledger's"] as const)(
    '(%s) is neither read nor written, is told of, and all goes on when the right one is back',
    async (which) => {
      const log = new StandInLog();
      const standIn = await startLog(log);
      const service = await start({ EVENTSTORE_URL: standIn.connectionString });
      const { url } = service;
      const { id } = await createCustomer(url, 1);
      const older = log.events.length;
      await succeed(url, 'POST', '/topup', { external_user_id: id, amount_usd: 1, payment_id: 'pi-before' });
      const wrong =
        which === 'empty'
          ? new StandInLog()
          : which === 'older'
            ? copyOf(log, older)
            : await logOfAnotherLedger();
      const found = ours(wrong).length;

      await standIn.close();
      const exchanged = await startLog(wrong, standIn.port);

      await eventually(
        async () => expect((await readiness(url)).reason).toMatch(/expected .* found /),
        patience,
      );
      expect((await readiness(url)).status).toBe(503);
      expect((await topUp(url, id, 'pi-before')).status).toBe(503);
      expect((await topUp(url, id, 'pi-new')).status).toBe(503);
      const call = await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer sk-nobody' } });
      expect(call.status).not.toBe(200);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('counterfoil_wrong_log 1');
      await eventually(async () => expect(await openAlarms()).toHaveLength(1), patience);
      expect(ours(wrong)).toHaveLength(found);

      await exchanged.close();
      await startLog(log, standIn.port);
      await eventually(async () => expect((await readiness(url)).status).toBe(200), patience);
      await eventually(async () => expect(await openAlarms()).toEqual([]), patience);
      expect((await topUp(url, id, 'pi-before')).body.data.current_quota).toBe(1_000_000);
      expect((await topUp(url, id, 'pi-new')).body.data.current_quota).toBe(1_500_000);
    },
    240_000,
  );
});

/** Founded and used by a service with a database of its own. */
async function logOfAnotherLedger(): Promise<StandInLog> {
  const log = new StandInLog();
  const standIn = await startLog(log);
  const theirs = await createTestDatabase();
  undo.push(() => theirs.drop());
  const service = await startService(
    readConfig({
      ...environment,
      DATABASE_URL: theirs.url,
      MASTER_KEY: masterKey(),
      DATA_DIR: join(folder, 'theirs'),
      EVENTSTORE_URL: standIn.connectionString,
    }),
    silent,
    () => undefined,
  );
  await createCustomer(service.url, 1);
  await service.close();
  await standIn.close();
  return log;
}

describe('a start', () => {
  it('is refused on a log that is empty, older or of another ledger, and without EVENTSTORE_URL, and writes nothing', async () => {
    const log = new StandInLog();
    const standIn = await startLog(log);
    const first = await start({ EVENTSTORE_URL: standIn.connectionString });
    await createCustomer(first.url, 1);
    const older = log.events.length;
    await createCustomer(first.url, 1);
    await first.close();

    for (const [wrong, reason] of [
      [new StandInLog(), 'not-founded'],
      [copyOf(log, older), 'older'],
    ] as const) {
      const found = ours(wrong).length;
      const other = await startLog(wrong);
      await expect(start({ EVENTSTORE_URL: other.connectionString })).rejects.toMatchObject({ reason });
      expect(ours(wrong)).toHaveLength(found);
      expect(await openAlarms()).toContain(`wrong-log/${reason}`);
    }
    const theirs = await createTestDatabase();
    undo.push(() => theirs.drop());
    await expect(
      start({
        EVENTSTORE_URL: standIn.connectionString,
        DATABASE_URL: theirs.url,
        MASTER_KEY: masterKey(),
        DATA_DIR: join(folder, 'second'),
      }),
    ).rejects.toMatchObject({ reason: 'another-ledger' });
    await expect(start()).rejects.toMatchObject({ reason: 'another-kind' });
    const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM events');
    expect(rows).toEqual([{ count: 0 }]);

    await start({ EVENTSTORE_URL: standIn.connectionString });
    expect(await openAlarms()).toEqual([]);
  }, 240_000);

  it('is refused on an older copy of log and tables together, which a cached balance remembers more of', async () => {
    const redis = await startRedisServer();
    const first = await start({ REDIS_URL: redis.url });
    await createCustomer(first.url, 1);
    await first.close();
    const copy = await copyOfDatabase();
    const second = await start({ REDIS_URL: redis.url });
    await createCustomer(second.url, 1);
    await second.close();

    const restored = { REDIS_URL: redis.url, DATABASE_URL: copy };
    await expect(start(restored)).rejects.toMatchObject({
      reason: 'older',
      message: expect.stringContaining('the cached balance'),
    });
  }, 240_000);

  it.each([
    ['PostgreSQL', 'DATABASE_URL', 'postgres://user:secret@127.0.0.1:9/none'],
    ['the event store', 'EVENTSTORE_URL', 'esdb://127.0.0.1:9?tls=false'],
  ])(
    'that cannot reach %s says where it is, why, and what to look at',
    async (what, variable, url) => {
      const service = new ServiceProcess({ ...environment, [variable]: url });
      expect(await service.exited()).toBe(3);
      expect(service.stderr).toMatch(
        new RegExp(
          `^cannot start: ${what} at 127\\.0\\.0\\.1:9 cannot be used: .*ECONNREFUSED.*${variable}\\.$`,
          'm',
        ),
      );
      expect(service.output).not.toContain('secret');
    },
    240_000,
  );
});

describe('a start that cannot use what it needs on this machine', () => {
  it('says what it is, why, and what to look at: the port, and the folder of the spool', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    undo.push(() => new Promise((resolve) => taken.close(resolve)));
    const { port } = taken.address() as AddressInfo;
    await expect(start({ PORT: String(port) })).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringMatching(
        new RegExp(`^the address 127\\.0\\.0\\.1:${port} cannot be used: .*EADDRINUSE.*HOST and PORT\\.$`),
      ),
    });
    const dataDir = join(folder, 'elsewhere');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'spool'), 'a file');
    await expect(start({ DATA_DIR: dataDir })).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringMatching(
        /^the spool in .*elsewhere.spool cannot be used: .*(EEXIST|ENOTDIR).*DATA_DIR\.$/,
      ),
    });
  }, 120_000);

  it('goes on without Redis, takes no call, and says where it is, why, and what to look at', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const settings = readConfig({ ...environment, REDIS_URL: 'redis://:a-secret@127.0.0.1:9' });
    const service = await startService(settings, log, () => undefined);
    undo.push(() => service.close());
    expect(lines.join('')).toMatch(/"Redis at 127\.0\.0\.1:9 cannot be used: .*ECONNREFUSED.*REDIS_URL\./);
    expect(lines.join('')).not.toContain('a-secret');
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503);
  }, 120_000);
});

describe('an older copy of the log', () => {
  it('is the log once a person has accepted it and the tables are made of it; what was lost is credited once', async () => {
    const log = new StandInLog();
    const first = await startLog(log);
    const lived = await start({ EVENTSTORE_URL: first.connectionString });
    const { id } = await createCustomer(lived.url, 1);
    const older = copyOf(log);
    await succeed(lived.url, 'POST', '/topup', {
      external_user_id: id,
      amount_usd: 1,
      payment_id: 'pi-lost',
    });
    await lived.close();
    const restored = { EVENTSTORE_URL: (await startLog(older)).connectionString };
    await expect(start(restored)).rejects.toMatchObject({ reason: 'older' });

    const shutdown = new ShutdownList(silent);
    const config = readConfig({ ...environment, ...restored });
    const { database: opened, store, ...found } = await openLogAsItIs({ config, log: silent, shutdown });
    const projections = allProjections('UTC');
    await expect(rebuildAll(projections, { pool: opened.pool, store })).rejects.toMatchObject({
      reason: 'older',
    });
    const meta = { actor: 'operator:alice', requestId: 'test' };
    expect(await found.accept('restored from a backup', meta)).toBe(1);
    const results = await rebuildAll(projections, { pool: opened.pool, store, accept: true });
    expect(results.every(({ swapped }) => swapped)).toBe(true);
    const checkpoints = await readCheckpoints(
      opened.pool,
      projections.map(({ name }) => name),
      'live',
    );
    const end = await store.head();
    expect(checkpoints.filter(({ position }) => position > end)).toEqual([]);
    await shutdown.run();

    const { url } = await start(restored);
    expect((await topUp(url, id, 'pi-lost')).body.data.current_quota).toBe(1_000_000);
    expect((await topUp(url, id, 'pi-lost')).body.data.current_quota).toBe(1_000_000);
    // Who still has the log of before is told that another one was accepted.
    await expect(start({ EVENTSTORE_URL: first.connectionString })).rejects.toMatchObject({
      name: 'WrongLog',
    });
  }, 240_000);
});

describe('log and tables in PostgreSQL that are put back to an older copy under a running process', () => {
  it('are neither read nor written, and all goes on when the newer ones are back', async () => {
    const redis = await startRedisServer();
    const first = await start({ REDIS_URL: redis.url });
    const { id } = await createCustomer(first.url, 1);
    await first.close();
    const copy = await copyOfDatabase();
    const { url } = await start({ REDIS_URL: redis.url });
    await succeed(url, 'POST', '/topup', { external_user_id: id, amount_usd: 1, payment_id: 'pi-after' });
    const read = () => frontEnd(url, 'GET', `/${id}`);
    expect((await read()).body.data.current_quota).toBe(1_000_000);

    await exchangeDatabases(database.url, copy);
    // At once, and before anybody looked at the log: what the older copy says is not told.
    expect((await read()).status).toBe(503);
    await eventually(
      async () => expect((await readiness(url)).reason).toMatch(/expected .* found /),
      patience,
    );
    expect((await topUp(url, id, 'pi-after')).status).toBe(503);
    const { status, headers, body } = await read();
    expect({ status, details: body.details }).toEqual({ status: 503, details: { reason: 'older' } });
    expect(headers.get('retry-after')).toBe('1');
    await eventually(async () => expect(await openAlarms()).toContain('wrong-log/older'), patience);
    const { rows } = await database.pool.query(
      `SELECT count(*)::int AS count FROM events WHERE data->>'payment_id' = 'pi-after'`,
    );
    expect(rows).toEqual([{ count: 0 }]);

    await exchangeDatabases(database.url, copy);
    await eventually(async () => expect((await readiness(url)).status).toBe(200), patience);
    expect((await topUp(url, id, 'pi-after')).body.data.current_quota).toBe(1_000_000);
  }, 240_000);
});

describe('a spool', () => {
  it('that is meant for another log is set aside, and neither drained nor deleted', async () => {
    const spool = join(folder, 'data', 'spool');
    await mkdir(spool, { recursive: true });
    const name = `elsewhere.1.${randomUUID()}.1.spool`;
    const origin = { spool: 1, ledger: randomUUID(), generation: 0, log: 'postgres', seen: '7' };
    await writeFile(join(spool, name), `${JSON.stringify(origin)}\n{"a charge": "of theirs"}\n`);
    const longAgo = Date.now() / 1000 - 3600;
    await utimes(join(spool, name), longAgo, longAgo);
    const { url } = await start();
    expect(await readdir(join(spool, 'set-aside'))).toEqual([name]);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('counterfoil_spool_files_set_aside 1');
  }, 120_000);
});
