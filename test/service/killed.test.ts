import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { decodeEvent } from '../../src/domain/events/codec.js';
import { createPostgresEventStore } from '../../src/eventstore/postgres/postgres-event-store.js';
import { eventually } from '../support/eventually.js';
import { InstantUpstream } from '../support/instant-upstream.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { readWholeLog } from '../support/whole-log.js';
import { ServiceProcess } from '../support/service-process.js';

const SERVICE_KEY = 'front-end-test-key-1';
const CREDIT = 5_000_000;
/** 1.25 × (10 + 5 × 4) = 37.5 */
const CHARGE = 38n;
const KILLS = 3;

const upstream = new InstantUpstream();
let database: TestDatabase;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-killed-'));
  const bootstrap = {
    prices: [{ model: 'gpt-4o', model_ratio: 1.25, completion_ratio: 4, max_output_tokens: 100 }],
    channels: [{ name: 'Main', base_url: await upstream.start(), api_key: 'k', models: 'gpt-4o' }],
  };
  await writeFile(join(folder, 'bootstrap.json'), JSON.stringify(bootstrap));
  environment = {
    DATABASE_URL: database.url,
    DATA_DIR: join(folder, 'data'),
    BOOTSTRAP_FILE: join(folder, 'bootstrap.json'),
    SERVICE_KEYS: SERVICE_KEY,
    LOG_LEVEL: 'warn',
  };
});

afterAll(async () => {
  await upstream.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function start() {
  const service = new ServiceProcess({ ...environment, LOG_LEVEL: 'info' });
  return { service, url: await service.ready() };
}

async function external(url: string, path: string, body?: object) {
  const response = await fetch(`${url}/api/user/external${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return ((await response.json()) as { data: Record<string, unknown> }).data;
}

/** The request id of an answer that came whole; undefined when it did not. */
async function call(url: string, accessKey: string, requestId: string, stream: boolean) {
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: 'Hi' }] }),
    });
    const text = await response.text();
    const whole = response.status === 200 && (stream ? text.includes('data: [DONE]') : text.endsWith('}'));
    return whole ? requestId : undefined;
  } catch {
    return undefined;
  }
}

/** Calls, eight at a time, until the service is killed; the numbers go on from `from`. */
async function callUntilKilled(url: string, accessKey: string, round: number, count: number) {
  const asked: string[] = [];
  const completed: string[] = [];
  const worker = async (first: number) => {
    for (let index = first; index < count; index += 8) {
      const requestId = `call-${round}-${index}`;
      asked.push(requestId);
      const done = await call(url, accessKey, requestId, index % 2 === 0);
      if (done) completed.push(done);
    }
  };
  const all = Promise.all(Array.from({ length: 8 }, (_, first) => worker(first)));
  return { asked, completed, all };
}

it('charges every completed answer exactly once, and nothing else, when it is killed in the midst of calls', async () => {
  let { service, url } = await start();
  await external(url, '/sync', { external_user_id: 'user-1', username: 'alice' });
  await external(url, '/topup', {
    external_user_id: 'user-1',
    amount_usd: CREDIT / 500_000,
    payment_id: 'pi_1',
  });
  const token = await external(url, '/token', { external_user_id: 'user-1', token_name: 'key' });
  const asked: string[] = [];
  const completed: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const calls = await callUntilKilled(url, String(token.access_key), round, 160);
    const killAfter = 20 + Math.floor(Math.random() * 100);
    await eventually(() => calls.completed.length >= killAfter, { timeoutMs: 60_000, intervalMs: 1 });
    await service.kill();
    await calls.all;
    asked.push(...calls.asked);
    completed.push(...calls.completed);
    ({ service, url } = await start());
  }
  // The sweeper resolves what the killed processes held; then no hold is left in the journal.
  await eventually(
    () =>
      stat(join(folder, 'data', 'open-holds.json')).then(
        () => false,
        () => true,
      ),
    { timeoutMs: 120_000 },
  );

  const store = createPostgresEventStore({ connectionString: database.url });
  const events = await readWholeLog(store);
  await store.close();
  const charges = events
    .map(({ type, data }) => decodeEvent(type, data))
    .flatMap((event) =>
      event.type === 'consumption-recorded' || event.type === 'call-abandoned' ? [event] : [],
    );
  const chargedIds = charges.map(({ data }) => data.request_id);
  expect(new Set(chargedIds).size).toBe(chargedIds.length);
  const recorded = charges.filter(({ type }) => type === 'consumption-recorded');
  const recordedIds = new Set(recorded.map(({ data }) => data.request_id));
  expect(completed.filter((requestId) => !recordedIds.has(requestId))).toEqual([]);
  expect(chargedIds.filter((requestId) => !asked.includes(requestId))).toEqual([]);
  expect(recorded.every(({ data }) => data.quota === CHARGE)).toBe(true);
  expect(recorded.length).toBeLessThanOrEqual(upstream.calls);

  const spent = charges.reduce((sum, { data }) => sum + data.quota, 0n);
  await eventually(async () => {
    const user = await external(url, '/user-1');
    expect(user.current_quota).toBe(CREDIT - Number(spent));
  });
  expect(await service.stop()).toBe(0);
}, 240_000);
