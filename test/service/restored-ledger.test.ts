import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { digestOfLog, eventsAfter } from '../../src/backup/after-backup.js';
import type { Secret } from '../../src/backup/sealing/folder-key.js';
import { type BackupResult, writeBackup } from '../../src/backup/write/write-backup.js';
import { backupSourceOf } from '../../src/compose/backup.js';
import { restoreLedger, type RestoreReport } from '../../src/compose/restore.js';
import { type Service, startService } from '../../src/compose/service.js';
import { ShutdownList } from '../../src/compose/shutdown.js';
import { readConfig } from '../../src/config.js';
import { createCustomer, frontEnd, succeed } from '../acceptance/support/clients.js';
import { SERVICE_KEY } from '../acceptance/support/deployment.js';
import { eventually } from '../support/eventually.js';
import { openEventStoreDb } from '../support/eventstoredb-processes.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis } from '../support/redis.js';
import { StepwiseUpstream } from '../support/stepwise-upstream.js';
import { exchangeDatabases } from '../support/whole-databases.js';

type Environment = Record<string, string>;

const silent = pino({ level: 'silent' });
const patience = { timeoutMs: 60_000, intervalMs: 100 };
const secret: Secret = { kind: 'key', key: Buffer.alloc(32, 5) };

let folder: string;
let environment: Environment;
const undo: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-restored-'));
  environment = { PORT: '0', MASTER_KEY: randomBytes(32).toString('base64'), SERVICE_KEYS: SERVICE_KEY };
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function newDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  undo.push(() => database.drop());
  return database;
}

async function start(name: string, changes: Environment): Promise<Service> {
  const config = readConfig({ ...environment, DATA_DIR: join(folder, name), ...changes });
  const service = await startService(config, silent, () => undefined);
  undo.push(() => service.close());
  return service;
}

const backUp = ({ ledger }: Service): Promise<BackupResult> =>
  writeBackup(backupSourceOf(ledger), { folder: join(folder, 'backup'), secret, now: () => new Date() });

async function restore(changes: Environment): Promise<RestoreReport> {
  const shutdown = new ShutdownList(silent);
  const config = readConfig({ ...environment, DATA_DIR: join(folder, 'new'), ...changes });
  const nothing = (): void => undefined;
  try {
    return await restoreLedger(
      { config, log: silent, shutdown },
      {
        folder: join(folder, 'backup'),
        secret,
        meta: { actor: 'operator:alice', requestId: 'test' },
        leaveOut: 10,
        onProgress: {
          checked: nothing,
          whole: nothing,
          restored: nothing,
          projected: nothing,
          verified: nothing,
        },
      },
    );
  } finally {
    await shutdown.run();
  }
}

const topUp = (url: string, id: string, paymentId: string) =>
  succeed(url, 'POST', '/topup', { external_user_id: id, amount_usd: 1, payment_id: paymentId });

const call = (url: string, accessKey: string): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
  });

/** One that answers when it is told to, and is the channel of a bootstrap file. A call costs 1.25 × (10 + 5 × 4), rounded: 38. */
async function startUpstream(): Promise<StepwiseUpstream & { readonly bootstrap: string }> {
  const upstream = new StepwiseUpstream();
  undo.push(() => upstream.close());
  const bootstrap = join(folder, 'bootstrap.json');
  const settings = {
    prices: [{ model: 'gpt-4o', model_ratio: 1.25, completion_ratio: 4, max_output_tokens: 1000 }],
    channels: [{ name: 'Main', base_url: await upstream.start(), api_key: 'k', models: 'gpt-4o' }],
  };
  await writeFile(bootstrap, JSON.stringify(settings));
  return Object.assign(upstream, { bootstrap });
}

/** Numbers by name, as it is in memory: which version is stored now is not what these tests are about. */
const withoutVersions = (types: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(types).map(([name, number]) => [name.replace(/\.v\d+$/, ''), number]));

describe('a ledger that was restored', () => {
  it.each(['postgres', 'eventstoredb'])(
    'from a log in %s has its users, balances and keys, goes on with new numbers, and credits once what was lost',
    async (log) => {
      const eventStoreDb = log === 'eventstoredb' ? await openEventStoreDb() : undefined;
      if (eventStoreDb) undo.push(() => eventStoreDb.close());
      const [old, fresh] = [await newDatabase(), await newDatabase()];
      const before = await start('old', {
        DATABASE_URL: old.url,
        ...(eventStoreDb && { EVENTSTORE_URL: eventStoreDb.connectionString }),
      });
      const customer = await createCustomer(before.url, 3);
      await succeed(before.url, 'POST', '/sync', {
        external_user_id: 'ann',
        username: 'ann',
        email: 'ann@example.com',
      });
      const { manifest } = await backUp(before);
      await topUp(before.url, customer.id, 'pi-lost');
      const lost = await createCustomer(before.url, 1);
      const { user_id: lostId } = await succeed(before.url, 'GET', `/${lost.id}`);
      const lostEvents = await eventsAfter(before.ledger.store, manifest.log.last.position);
      expect(withoutVersions(lostEvents.types)).toMatchObject({
        'payment-credited': 2,
        'account-registered': 1,
      });
      const digest = await digestOfLog(before.ledger.store, manifest.log.events);
      await before.close();

      const report = await restore({ DATABASE_URL: fresh.url });

      expect(report).toMatchObject({ generation: 1, events: manifest.log.events, spooled: [] });
      expect(report.verification.checks.flatMap(({ differences }) => differences)).toEqual([]);
      const after = await start('new', { DATABASE_URL: fresh.url });
      expect(await digestOfLog(after.ledger.store, manifest.log.events)).toBe(digest);
      expect((await succeed(after.url, 'GET', `/${customer.id}`)).current_quota).toBe(1_500_000);
      expect(await succeed(after.url, 'GET', '/ann')).toMatchObject({ email: 'ann@example.com' });
      const models = await fetch(`${after.url}/v1/models`, {
        headers: { authorization: `Bearer ${customer.accessKey}` },
      });
      expect(models.status).toBe(200);
      expect((await frontEnd(after.url, 'GET', `/${lost.id}`)).status).toBe(404);
      await createCustomer(after.url, 1);
      const { id } = await createCustomer(after.url, 1);
      expect((await succeed(after.url, 'GET', `/${id}`)).user_id).toBeGreaterThan(lostId as number);
      for (let times = 0; times < 2; times++)
        expect((await topUp(after.url, customer.id, 'pi-lost')).current_quota).toBe(2_000_000);
    },
    240_000,
  );

  it('is of a new generation, which a process of before notices: it neither reads nor writes, and a late answer is charged to nobody', async () => {
    const redis = await startRedis();
    undo.push(() => redis.stop());
    const [old, fresh] = [await newDatabase(), await newDatabase()];
    const upstream = await startUpstream();
    const places = { DATABASE_URL: old.url, REDIS_URL: redis.url, BOOTSTRAP_FILE: upstream.bootstrap };
    const before = await start('old', places);
    const { id, accessKey } = await createCustomer(before.url, 1);
    await backUp(before);
    const answer = await call(before.url, accessKey);
    await eventually(() => upstream.open.length === 1, patience);

    const report = await restore({ DATABASE_URL: fresh.url, REDIS_URL: redis.url });
    expect(report.redisKeys).toBeGreaterThan(0);
    await exchangeDatabases(old.url, fresh.url);

    await eventually(async () => {
      const response = await fetch(`${before.url}/readyz`);
      expect(response.status).toBe(503);
      expect(await response.text()).toMatch(/generation 1.*generation 0: start it again/);
    }, patience);
    const refused = await frontEnd(before.url, 'POST', '/topup', {
      external_user_id: id,
      amount_usd: 1,
      payment_id: 'pi-late',
    });
    expect(refused.status).toBe(503);
    // Upstream is only now done with a call that began before: its charge is durable before the client has its end, and in no log.
    upstream.finish();
    expect(await answer.text()).toContain('data: [DONE]');
    await before.close();

    const after = await start('old', places);
    const aside = join(folder, 'old', 'spool', 'set-aside');
    const [name, ...others] = await readdir(aside);
    expect(others).toEqual([]);
    expect(await readFile(join(aside, name ?? ''), 'utf8')).toContain('"quota":"38"');
    expect(await (await fetch(`${after.url}/metrics`)).text()).toContain(
      'counterfoil_spool_files_set_aside 1',
    );
    const { current_quota, used_quota } = await succeed(after.url, 'GET', `/${id}`);
    expect({ current_quota, used_quota }).toEqual({ current_quota: 500_000, used_quota: 0 });
    const { rows } = await fresh.pool.query(`SELECT 1 FROM events WHERE type LIKE 'consumption-recorded.%'`);
    expect(rows).toEqual([]);
    // Its hold is gone with the cache of before: the next call has all of the balance.
    const next = await call(after.url, accessKey);
    await eventually(() => upstream.open.length === 1, patience);
    upstream.finish();
    expect(await next.text()).toContain('data: [DONE]');
    await eventually(async () => {
      expect((await succeed(after.url, 'GET', `/${id}`)).current_quota).toBe(500_000 - 38);
    }, patience);
  }, 240_000);

  it('is not made where anything is, nor of a folder that was changed; nothing is written then', async () => {
    const [old, used, fresh] = [await newDatabase(), await newDatabase(), await newDatabase()];
    const before = await start('old', { DATABASE_URL: old.url });
    await backUp(before);
    const other = await start('other', {
      DATABASE_URL: used.url,
      MASTER_KEY: randomBytes(32).toString('base64'),
    });
    await other.close();

    await expect(restore({ DATABASE_URL: used.url })).rejects.toMatchObject({ name: 'NotEmpty' });
    await rm(join(folder, 'backup', 'log', '1.ndjson.gz'));
    await expect(restore({ DATABASE_URL: fresh.url })).rejects.toMatchObject({ name: 'NotWhole' });

    const { rows } = await fresh.pool.query(
      'SELECT (SELECT count(*)::int FROM events) AS events, (SELECT count(*)::int FROM ledger_instance) AS instances',
    );
    expect(rows).toEqual([{ events: 0, instances: 0 }]);
  }, 240_000);
});
