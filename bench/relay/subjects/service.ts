import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/postgres/embedded.js';
import { createPool } from '../../../src/postgres/pool.js';
import { createCustomer, succeed } from '../../../test/acceptance/support/clients.js';
import { SERVICE_KEY } from '../../../test/acceptance/support/deployment.js';
import { eventually } from '../../../test/support/eventually.js';
import { startRedis } from '../../../test/support/redis.js';
import { ServiceProcess } from '../../../test/support/service-process.js';
import { TRAFFICS } from '../traffic.js';
import { CHAT_PATH, JSON_HEADERS, type Subject } from './subject.js';

export interface ServiceUnderLoad extends Subject {
  /** Further relays of the same ledger; each is a process. */
  readonly relays: readonly { readonly url: string; readonly pid: number }[];
  readonly pool: pg.Pool;
}

/**
 * L3: the service as it is run, in roles, with Redis and the log in PostgreSQL with fsync on. A call is held, and its charge is durable
 * before the last byte. Only the relay is the measured process; projector, api, Redis and PostgreSQL are its helpers.
 */
export async function startCounterfoil(
  upstreamPort: number,
  { relayCount = 1, relayNodeOptions = [] as readonly string[] } = {},
): Promise<ServiceUnderLoad> {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const redis = await startRedis();
  const file = join(folder, 'bootstrap.json');
  await writeFile(file, JSON.stringify(bootstrap(upstreamPort)));
  const environment = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    MASTER_KEY: randomBytes(32).toString('base64'),
    SERVICE_KEYS: SERVICE_KEY,
    BOOTSTRAP_FILE: file,
  };
  const processes: ServiceProcess[] = [];
  const start = async (role: string, name = role) => {
    const service = new ServiceProcess(
      { ...environment, ROLE: role, DATA_DIR: join(folder, name), LOG_LEVEL: 'info' },
      role === 'relay' ? relayNodeOptions : [],
    );
    processes.push(service);
    return { url: await service.ready(), pid: service.pid };
  };
  const projector = await start('projector');
  const api = await start('api');
  const relays: { url: string; pid: number }[] = [];
  for (let at = 0; at < relayCount; at++) relays.push(await start('relay', `relay-${at}`));
  const customer = await createCustomer(api.url, 1_000_000);
  const pool = createPool({ connectionString: postgres.url, max: 2, applicationName: 'bench' });
  return {
    name: 'Counterfoil L3',
    url: (relays[0] as { url: string }).url,
    path: CHAT_PATH,
    headers: { ...JSON_HEADERS, authorization: `Bearer ${customer.accessKey}` },
    pids: relays.map(({ pid }) => pid),
    helpers: [projector.pid, api.pid, redis.pid, await postmasterOf(postgres.dataDir)],
    relays,
    pool,
    charges: () => chargedCalls(pool, api.url, customer.id),
    stop: async () => {
      await Promise.all(processes.map((service) => service.stop()));
      await pool.end();
      await redis.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function bootstrap(upstreamPort: number): object {
  const models = [...TRAFFICS];
  return {
    prices: models.map((model) => ({
      model,
      model_ratio: 0.8572,
      completion_ratio: 3,
      max_output_tokens: 4096,
    })),
    channels: [
      { name: 'bench', base_url: `http://127.0.0.1:${upstreamPort}`, api_key: 'upstream-key', models },
    ],
  };
}

async function postmasterOf(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}

/** The customer's charges in the log, once his read model says the same. */
async function chargedCalls(pool: pg.Pool, apiUrl: string, customerId: string): Promise<number> {
  let charges = -1;
  await eventually(
    async () => {
      const { rows } = await pool.query<{ count: string }>(
        "SELECT count(*) FROM events WHERE type LIKE 'consumption-recorded.%'",
      );
      charges = Number(rows[0]?.count);
      const user = await succeed(apiUrl, 'GET', `/${customerId}`);
      return user.total_requests === charges;
    },
    { timeoutMs: 120_000, intervalMs: 200 },
  );
  return charges;
}
