import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { createCustomer, succeed } from '../../acceptance/support/clients.js';
import { SERVICE_KEY } from '../../acceptance/support/deployment.js';
import { startService, type Service } from '../../../src/compose/service.js';
import { readConfig } from '../../../src/config.js';
import { createPool } from '../../../src/postgres/pool.js';
import type { Consumption } from '../../../src/relay/settlement/settlement.js';
import { encodeLine } from '../../../src/relay/settlement/spool/line.js';
import { encodeOrigin } from '../../../src/relay/settlement/spool/origin.js';
import { aConsumption } from '../../support/consumption.js';
import { startEventStoreStandIn } from '../../support/eventstoredb-stand-in/index.js';
import { StandInLog, type StoredEvent } from '../../support/eventstoredb-stand-in/log.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { copyDatabase, dropDatabase } from '../../support/whole-databases.js';

const silent = pino({ level: 'silent' });
const MASTER_KEY = randomBytes(32).toString('base64');

/** All that a ledger consists of at one moment, to be put in place as often as wanted. */
export interface Moment {
  readonly log: readonly StoredEvent[];
  /** A database that nobody is connected to: a template. */
  readonly tables: string;
  readonly redis: readonly (readonly [key: string, value: Buffer, ttlMs: number])[];
  /** A spool file with one charge that the log does not have. */
  readonly spool: { readonly origin: string; readonly charge: Consumption };
}

export interface LivedLedger {
  readonly older: Moment;
  readonly right: Moment;
  readonly userId: string;
  /** Takes its databases away. */
  drop(): Promise<void>;
}

const ENVIRONMENT = { PORT: '0', MASTER_KEY, SERVICE_KEYS: SERVICE_KEY };

export const startQuietly = (environment: Readonly<Record<string, string>>): Promise<Service> =>
  startService(readConfig({ ...ENVIRONMENT, ...environment }), silent, () => undefined);

/** A ledger with a payment `pi-1` in both moments; in the later one also `pi-2`, and one more user. */
export async function liveALedger(folder: string, redisUrl: string): Promise<LivedLedger> {
  const database = await createTestDatabase();
  const log = new StandInLog();
  const standIn = await startEventStoreStandIn({ log });
  const environment = {
    DATABASE_URL: database.url,
    EVENTSTORE_URL: standIn.connectionString,
    REDIS_URL: redisUrl,
    DATA_DIR: join(folder, randomUUID()),
  };
  const pay = (service: Service, id: string, payment_id: string) =>
    succeed(service.url, 'POST', '/topup', { external_user_id: id, amount_usd: 1, payment_id });
  const first = await startQuietly(environment);
  const { id } = await createCustomer(first.url, 1);
  await pay(first, id, 'pi-1');
  await first.close();
  const older = await momentOf(database, log, redisUrl, id);
  const second = await startQuietly(environment);
  await pay(second, id, 'pi-2');
  await createCustomer(second.url, 1);
  await second.close();
  const right = await momentOf(database, log, redisUrl, id);
  await standIn.close();
  await database.drop();
  const drop = async (): Promise<void> => {
    for (const { tables } of [older, right]) await dropDatabase(tables);
  };
  return { older, right, userId: id, drop };
}

async function momentOf(
  database: TestDatabase,
  log: StandInLog,
  redisUrl: string,
  userId: string,
): Promise<Moment> {
  const { rows } = await database.pool.query<{ account_id: string; user_id: bigint; id: string }>(
    'SELECT account_id, user_id, id FROM p_accounts.accounts, ledger_instance WHERE external_user_id = $1',
    [userId],
  );
  const [owner] = rows;
  if (!owner) throw new Error('the customer is not there');
  const charge = aConsumption({ account_id: owner.account_id, user_id: Number(owner.user_id), token_id: 1 });
  const origin = { ledgerId: owner.id, generation: 0, log: 'eventstoredb' };
  const head = log.events.filter(({ stream }) => !stream.startsWith('$')).at(-1)?.position;
  return {
    log: [...log.events],
    tables: await copyDatabase(database.url),
    redis: await withRedis(redisUrl, snapshotOf),
    spool: { origin: encodeOrigin(origin, { position: head }), charge },
  };
}

async function withRedis<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function snapshotOf(client: Redis): Promise<Moment['redis']> {
  const found: [string, Buffer, number][] = [];
  for (const key of await client.keys('*')) {
    const value = await client.dumpBuffer(key);
    if (value) found.push([key, value, Math.max(0, await client.pttl(key))]);
  }
  return found;
}

export const putRedis = (url: string, moment: Moment['redis']): Promise<void> =>
  withRedis(url, async (client) => {
    await client.flushdb();
    for (const [key, value, ttlMs] of moment) await client.restore(key, ttlMs, value);
  });

/** As a process that died an hour ago left it, of a call of its own. Answers the id of that. */
export async function putSpool(dataDir: string, { origin, charge }: Moment['spool']): Promise<string> {
  const spool = join(dataDir, 'spool');
  await mkdir(spool, { recursive: true });
  const path = join(spool, `elsewhere.1.${randomUUID()}.1.spool`);
  const callId = randomUUID();
  await writeFile(path, origin + encodeLine({ ...charge, call_id: callId }));
  const longAgo = Date.now() / 1000 - 3600;
  await utimes(path, longAgo, longAgo);
  return callId;
}

/** Spool files that wait to be drained, and those that wait for a person. */
export async function spoolFilesIn(dataDir: string) {
  const namesIn = (folder: string): Promise<string[]> =>
    readdir(folder).then(
      (names) => names.filter((name) => name.endsWith('.spool')),
      () => [],
    );
  const spool = join(dataDir, 'spool');
  return { waiting: await namesIn(spool), setAside: await namesIn(join(spool, 'set-aside')) };
}

/** The tables of a moment, or those of a database that nobody has begun. */
export async function placeTables(moment: Moment | undefined): Promise<TestDatabase> {
  if (!moment) return createTestDatabase();
  const url = await copyDatabase(moment.tables);
  const pool = createPool({ connectionString: url, max: 2, applicationName: 'test' });
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await dropDatabase(url);
    },
  };
}

/** Events of ledgers: none of the server's own. */
export const ownEvents = ({ events }: StandInLog): readonly StoredEvent[] =>
  events.filter(({ stream }) => !stream.startsWith('$'));

/** How many events of the type mention the text. */
export const countIn = (log: StandInLog, type: string, text: string): number =>
  ownEvents(log).filter(
    (event) => event.type.startsWith(type) && Buffer.from(event.data).toString('utf8').includes(text),
  ).length;
