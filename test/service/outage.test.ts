import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { ServiceProcess } from '../support/service-process.js';
import { StepwiseUpstream } from '../support/stepwise-upstream.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

const SERVICE_KEY = 'front-end-test-key-1';
/** 1.25 × (10 + 5 × 4), rounded */
const CHARGE = 38;

const upstream = new StepwiseUpstream();
let database: TestDatabase;
let redis: TestRedis;
let network: TcpProxy;
let folder: string;
let environment: Record<string, string>;
let service: ServiceProcess;
let url: string;
let accessKey: string;

beforeAll(async () => {
  database = await createTestDatabase();
  redis = await startRedis();
  network = await startTcpProxy(database.url);
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-outage-'));
  const bootstrap = {
    prices: [{ model: 'gpt-4o', model_ratio: 1.25, completion_ratio: 4, max_output_tokens: 1000 }],
    channels: [{ name: 'Main', base_url: await upstream.start(), api_key: 'k', models: 'gpt-4o' }],
  };
  await writeFile(join(folder, 'bootstrap.json'), JSON.stringify(bootstrap));
  environment = {
    DATABASE_URL: network.url,
    REDIS_URL: redis.url,
    DATA_DIR: join(folder, 'data'),
    BOOTSTRAP_FILE: join(folder, 'bootstrap.json'),
    SERVICE_KEYS: SERVICE_KEY,
  };
  await start();
  await external('/sync', { external_user_id: 'user-1', username: 'alice' });
  await external('/topup', { external_user_id: 'user-1', amount_usd: 10, payment_id: 'pi_1' });
  const token = await external('/token', { external_user_id: 'user-1', token_name: 'key' });
  accessKey = String(token.access_key);
}, 120_000);

afterAll(async () => {
  await service.stop();
  await upstream.close();
  await network.stop();
  await redis.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  service = new ServiceProcess(environment);
  url = await service.ready();
}

async function external(path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/user/external${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return ((await response.json()) as { data: Record<string, unknown> }).data;
}

const chat = () =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
  });
const spooledFiles = async () =>
  (await readdir(join(folder, 'data', 'spool'))).filter((name) => name.endsWith('.spool'));
const usedQuota = async () => (await external('/user-1'))?.used_quota;

/** A stream that begins, loses the event store, and is finished by its upstream all the same. */
async function streamThroughOutage(): Promise<string> {
  const response = await chat();
  await eventually(() => upstream.open.length === 1);
  await network.interrupt();
  upstream.finish();
  return response.text();
}

it('spools the charge of a stream when the event store goes away, refuses new calls, and drains when it is back', async () => {
  const text = await streamThroughOutage();
  expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect(await spooledFiles()).toHaveLength(1);
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    ready: false,
    parts: {
      'event store': { ready: false },
      settlement: { ready: false, reason: 'the event store cannot be reached' },
      'cached balance': { ready: true },
    },
  });
  const refused = await chat();
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  expect(await refused.json()).toMatchObject({ error: { code: 'ledger_unavailable' } });
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('counterfoil_spooled_charges 1');

  await network.restore();
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), {
    timeoutMs: 30_000,
  });
  await eventually(async () => expect(await usedQuota()).toBe(CHARGE), { timeoutMs: 30_000 });
  expect(await spooledFiles()).toEqual([]);
}, 120_000);

it('finds the spool again when it was killed before it could drain it', async () => {
  expect(await streamThroughOutage()).toContain('data: [DONE]');
  expect(await spooledFiles()).toHaveLength(1);
  await service.kill();
  await network.restore();
  await start();
  await eventually(async () => expect(await usedQuota()).toBe(2 * CHARGE), { timeoutMs: 30_000 });
  expect(await spooledFiles()).toEqual([]);
}, 120_000);
