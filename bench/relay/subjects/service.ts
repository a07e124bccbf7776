import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/postgres/embedded.js';
import { createPool } from '../../../src/postgres/pool.js';
import { createCustomer, createTeamCustomer } from '../../../test/acceptance/support/clients.js';
import { SERVICE_KEY } from '../../../test/acceptance/support/deployment.js';
import { startRedis } from '../../../test/support/redis.js';
import { ServiceProcess } from '../../../test/support/service-process.js';
import { migrate } from '../../../src/postgres/migrate.js';
import { fillLedger, type LedgerHistory } from '../../support/ledger-history.js';
import { type Lag, lagOf } from '../lag.js';
import { BENCH } from '../measure.js';
import { TRAFFICS } from '../traffic.js';
import { ServiceBooks } from './service-books.js';
import { CHAT_PATH, JSON_HEADERS, type Subject } from './subject.js';

/** Its source, as that of any other checkout that it is compared with. */
const THIS_CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));

export interface ServiceUnderLoad extends Subject {
  /** Relays of the same ledger; each is a process. */
  readonly relays: readonly { readonly url: string; readonly pid: number }[];
  readonly api: { readonly url: string; readonly pid: number };
  /** Of the accounts that make the calls. */
  readonly accessKeys: readonly string[];
  /** Every part of it, by name, and how long a role took from its start until it answered. */
  readonly parts: readonly { readonly name: string; readonly pid: number; readonly startMs?: number }[];
  /** Seconds the projector took to bring all read models to the end of the history. */
  readonly caughtUpInSeconds: number;
  /** How far the slowest read model is behind the log now. */
  lag(): Promise<Lag>;
}

interface ServiceOptions {
  readonly relayCount?: number;
  readonly relayNodeOptions?: readonly string[];
  /** What is in the ledger beforehand; else nothing but the one account that calls. */
  readonly history?: Omit<LedgerHistory, 'connectionString' | 'masterKey'> | undefined;
  /** Callers that are made by the api, as customers are; where there is no history. Default: one. */
  readonly customers?: number | undefined;
  /** The log, where that is not in the database; its process, where that is on this machine. */
  readonly eventStore?: { readonly url: string; readonly pid: number | undefined } | undefined;
  /** Where a ledger is kept from run to run, which is filled in the first; else it is thrown away. */
  readonly keep?: string | undefined;
  /** A folder with another state of this project, whose service is measured; this one's by default. */
  readonly checkout?: string | undefined;
  /** Added to that of every process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What its channel to the upstream is beside what all are. */
  readonly channel?: object | undefined;
  /** The key that calls is a member's of a team, with as many budgets as there can be. */
  readonly isTeam?: boolean;
}

/** As what the server of the log counts, where it is one of its own. */
export const EVENTSTORE = 'EventStoreDB';

/** Counting in a long log may take this long. */
const PATIENCE_MS = 120_000;

/**
 * L3: the service as it is run, in roles, with Redis and the log in PostgreSQL with fsync on. A call is held, and its charge is durable
 * before the last byte. Only the relay is the measured process; projector, api, Redis and PostgreSQL are its helpers.
 */
export async function startCounterfoil(
  upstreamPort: number,
  options: ServiceOptions = {},
): Promise<ServiceUnderLoad> {
  const { relayCount = 1, relayNodeOptions = [], history, keep, checkout, eventStore } = options;
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'counterfoil-bench-')));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const redis = await startRedis();
  const file = await bootstrapIn(folder, upstreamPort, options.channel);
  const pool = patientPool(postgres.url);
  const books = new ServiceBooks(pool, eventStore?.url);
  const masterKey = await masterKeyIn(folder);
  const filled = history && (await fill(pool, { ...history, connectionString: postgres.url, masterKey }));
  const environment = {
    ...environmentOf(postgres.url, redis.url, masterKey, file),
    ...(eventStore && { EVENTSTORE_URL: eventStore.url }),
    ...(options.isTeam && { TEAMS: 'on' }),
    ...options.environment,
  };
  const processes: ServiceProcess[] = [];
  const start = async (role: string, name = role) => {
    const startedMs = performance.now();
    const service = new ServiceProcess(
      { ...environment, ROLE: role, DATA_DIR: join(folder, name), LOG_LEVEL: 'info' },
      role === 'relay' ? relayNodeOptions : [],
      checkout ?? THIS_CHECKOUT,
    );
    processes.push(service);
    const url = await service.ready();
    return { name, url, pid: service.pid, startMs: performance.now() - startedMs };
  };
  const fromMs = performance.now();
  await start('projector');
  await books.allProjected();
  const caughtUpInSeconds = (performance.now() - fromMs) / 1_000;
  // Started anew: what it takes and needs with a long log behind it, not while it catches up.
  await processes.pop()?.stop();
  const projector = await start('projector');
  const api = await start('api');
  const relays: Awaited<ReturnType<typeof start>>[] = [];
  for (let at = 0; at < relayCount; at++) relays.push(await start('relay', `relay-${at}`));
  const postmaster = await postmasterOf(postgres.dataDir);
  const helpers = [projector, api, ...serversOf(redis.pid, postmaster, eventStore?.pid)];
  const accessKeys = filled ?? (await customersOf(api.url, options));
  return {
    name: 'Counterfoil L3',
    url: (relays[0] as { url: string }).url,
    path: CHAT_PATH,
    headers: JSON_HEADERS,
    accessKeys,
    pids: relays.map(({ pid }) => pid),
    helpers: helpers.map(({ pid }) => pid),
    relays,
    parts: [...relays, ...helpers],
    caughtUpInSeconds,
    lag: () => lagOf(pool),
    names: () => namesOf(helpers, pool),
    api,
    charges: await books.chargeCounter(),
    stop: async () => {
      await Promise.all(processes.map((service) => service.stop()));
      await books.close();
      await pool.end();
      await redis.stop();
      await postgres.stop();
      if (keep === undefined) await removeAll([folder, postgres.dataDir]);
    },
  };
}

const serversOf = (redis: number, postgres: number, eventStore: number | undefined) => [
  { name: 'redis', pid: redis },
  { name: 'postgres', pid: postgres },
  ...(eventStore === undefined ? [] : [{ name: EVENTSTORE, pid: eventStore }]),
];

/** Where root's data lies is not where it was asked for. */
async function removeAll(folders: readonly string[]): Promise<void> {
  for (const each of folders) await rm(each, { recursive: true, force: true });
}

async function customersOf(
  url: string,
  { customers = 1, isTeam = false }: ServiceOptions,
): Promise<readonly string[]> {
  const keys: string[] = [];
  const create = isTeam ? createTeamCustomer : createCustomer;
  while (keys.length < customers) keys.push((await create(url, 1_000_000)).accessKey);
  return keys;
}

const environmentOf = (database: string, redis: string, masterKey: Buffer, bootstrap: string) => ({
  BOOTSTRAP_FILE: bootstrap,
  DATABASE_URL: database,
  REDIS_URL: redis,
  MASTER_KEY: masterKey.toString('base64'),
  SERVICE_KEYS: SERVICE_KEY,
  UPSTREAM_ALLOW_PRIVATE: '127.0.0.0/8,::1',
});

const patientPool = (connectionString: string): pg.Pool =>
  createPool({ connectionString, max: 2, applicationName: BENCH, statementTimeoutMs: PATIENCE_MS });

async function fill(pool: pg.Pool, history: Parameters<typeof fillLedger>[0]): Promise<readonly string[]> {
  // Otherwise the first process does it, which may be of another checkout.
  await migrate(pool);
  const accessKeys = await fillLedger(history);
  // A log that was just filled is a table nobody knows anything of.
  await pool.query('ANALYZE events');
  return accessKeys;
}

/** The one that the ledger was begun with, or a new one. */
async function masterKeyIn(folder: string): Promise<Buffer> {
  const file = join(folder, 'master-key');
  await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}

async function bootstrapIn(folder: string, upstreamPort: number, more: object = {}): Promise<string> {
  const file = join(folder, 'bootstrap.json');
  const models = [...TRAFFICS];
  const ratios = { model_ratio: 0.8572, completion_ratio: 3, max_output_tokens: 4096 };
  const channel = {
    name: 'bench',
    base_url: `http://127.0.0.1:${upstreamPort}`,
    api_key: 'upstream-key',
    models,
    ...more,
  };
  const prices = models.map((model) => ({ model, ...ratios }));
  await writeFile(file, JSON.stringify({ prices, channels: [channel] }));
  return file;
}

async function postmasterOf(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}

/** What each process is for: of PostgreSQL's a connection by the name that it was given, `PostgreSQL: relay append`. */
async function namesOf(
  parts: readonly { readonly name: string; readonly pid: number }[],
  pool: pg.Pool,
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ pid: number; name: string }>(
    `SELECT pid, coalesce(nullif(application_name, ''), backend_type) AS name FROM pg_stat_activity`,
  );
  const backends = rows.map(
    ({ pid, name }) =>
      [pid, name === BENCH ? name : `PostgreSQL: ${name.replace('counterfoil ', '')}`] as const,
  );
  return new Map([...backends, ...parts.map(({ pid, name }) => [pid, name] as const)]);
}
