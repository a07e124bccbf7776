import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { appendOne, readEverything, withEventStore } from '../cluster/event-store-client.js';
import { EventStoreProcess } from '../cluster/event-store.js';
import { freePort } from '../../support/free-port.js';
import type { Cluster } from '../cluster/cluster.js';
import type { PostgresServer } from '../cluster/postgres.js';
import type { Fault } from '../plan/faults.js';
import type { FaultWorld } from './inject.js';
import { allSay } from './ways-in.js';

type WrongLogFault = Extract<Fault, { kind: 'wrong log' }>;

/** What the processes are to say, each of all that they may find. */
const WORDS: Readonly<Record<WrongLogFault['which'], RegExp>> = {
  older: /older copy/,
  empty: /does not say whose it is/,
  "another's": /found that of ledger/,
  'a replica that lags': /older copy/,
};
const STAYS_MS = 2_000;
const MOVES_ON = { timeoutMs: 120_000, intervalMs: 100 };

/** A log that took the place of the right one. */
interface WrongLog {
  /** How many events are in it. */
  count(): Promise<number>;
  putInPlace(): Promise<void>;
  /** The right one is back. */
  takeAway(): Promise<void>;
}

/**
 * Another log takes the place of the right one under running processes, and one process is started on it. Nothing may be written into it,
 * and whoever runs must say why nothing goes on; with the right one back, everything goes on by itself.
 */
export async function injectWrongLog(world: FaultWorld, fault: WrongLogFault): Promise<undefined> {
  const { cluster, complain } = world;
  const { service } = cluster.member(fault.victim);
  const wrong = await (cluster.eventStore
    ? anotherEventStore(cluster, cluster.eventStore, fault.which)
    : fault.which === 'a replica that lags'
      ? laggingReplica(cluster)
      : anotherDatabase(cluster, fault.which));
  try {
    const before = await wrong.count();
    await wrong.putInPlace();
    await service.kill();
    const started = await service.startAnyhow();
    const silent = await allSay(cluster, WORDS[fault.which]);
    if (silent !== undefined) complain(`${fault.which} log: ${silent}`);
    const refused = async () => WORDS[fault.which].test(await started.said());
    if (!(await eventually(refused, MOVES_ON).catch(() => false)))
      complain(`${fault.which} log: ${fault.victim} started on it: ${(await started.said()).slice(-500)}`);
    await wait(STAYS_MS);
    const written = (await wrong.count()) - before;
    if (written !== 0) complain(`${fault.which} log: ${written} events were written into it`);
  } finally {
    await service.kill();
    await wrong.takeAway();
    await service.start();
  }
  return undefined;
}

async function anotherEventStore(
  cluster: Cluster,
  right: EventStoreProcess,
  which: WrongLogFault['which'],
): Promise<WrongLog> {
  const { folder, keeper } = cluster.options;
  const port = await freePort();
  const wrong = new EventStoreProcess(port, join(folder, `event-store-${port}`), keeper);
  const isOlder = which === 'older' || which === 'a replica that lags';
  if (isOlder) await right.copyTo(wrong.folder);
  await wrong.start();
  const count = async ({ url }: EventStoreProcess) => (await withEventStore(url, readEverything)).length;
  if (which === "another's") await foundAnother(right, wrong);
  const before = await count(wrong);
  if (isOlder) await tablesPass(cluster, async () => (await count(right)) > before);
  return {
    count: () => count(wrong),
    putInPlace: () => cluster.takeStoreAt(wrong.port),
    takeAway: async () => {
      await cluster.takeStoreAt(right.port);
      await wrong.kill();
    },
  };
}

/** As a ledger of somebody else begins. */
async function foundAnother(right: EventStoreProcess, wrong: EventStoreProcess): Promise<void> {
  const events = await withEventStore(right.url, readEverything);
  const founded = events.find(({ stream }) => stream === 'ledger');
  if (!founded) throw new Error('the log does not say whose it is');
  const data = { ...founded.data, ledger_id: crypto.randomUUID() };
  await withEventStore(wrong.url, (client) => appendOne(client, founded.stream, founded.type, data));
}

/** The log is in the database, so that the tables are exchanged with it; Redis and the processes remember the right ones. */
async function anotherDatabase(cluster: Cluster, which: WrongLogFault['which']): Promise<WrongLog> {
  const { database, options } = cluster;
  const { postgres } = options;
  const [wrong, aside] = [`${database}_wrong`, `${database}_right`];
  await postgres.copyDatabase(database, wrong);
  const count = async (name: string) =>
    Number((await postgres.query(name, 'SELECT count(*) AS events FROM events'))[0]?.events);
  const before = await count(wrong);
  if (which === 'empty')
    await postgres.query(wrong, 'SET session_replication_role = replica; DELETE FROM events');
  if (which === "another's") await postgres.query(wrong, 'UPDATE ledger_instance SET id = gen_random_uuid()');
  if (which === 'older') {
    const copied = await lastPosition(postgres, wrong);
    await tablesPass(cluster, async () => (await count(database)) > before);
    await cacheKnows(cluster, copied);
  }
  let inPlace = false;
  return {
    count: () => count(inPlace ? database : wrong),
    putInPlace: async () => {
      await postgres.renameDatabase(database, aside);
      await postgres.renameDatabase(wrong, database);
      inPlace = true;
    },
    takeAway: async () => {
      await postgres.dropDatabase(inPlace ? database : wrong);
      if (inPlace) await postgres.renameDatabase(aside, database);
    },
  };
}

/**
 * PostgreSQL's primary dies, and a replica that was not told everything takes its place. What it lacks must be found and said; then a person
 * brings the primary back, which has lost nothing.
 */
async function laggingReplica(cluster: Cluster): Promise<WrongLog> {
  const { database, options } = cluster;
  const primary = options.postgres;
  const replica = await primary.replica();
  const count = async (server: PostgresServer) =>
    Number((await server.query(database, 'SELECT count(*) AS events FROM events'))[0]?.events);
  await replica.promote();
  const before = await count(replica);
  const copied = await lastPosition(replica, database);
  await tablesPass(cluster, async () => (await count(primary)) > before);
  await cacheKnows(cluster, copied);
  return {
    count: () => count(replica),
    putInPlace: async () => {
      primary.immediateStop();
      await cluster.takePostgresAt(replica.port);
    },
    takeAway: async () => {
      await primary.startAgain();
      await cluster.takePostgresAt(undefined);
      await replica.stop();
    },
  };
}

const lastPosition = async (server: Pick<PostgresServer, 'query'>, database: string): Promise<bigint> =>
  BigInt((await server.query(database, 'SELECT max(position) AS place FROM events'))[0]?.place as string);

/**
 * Where the tables are exchanged with the log, whoever begins anew can know it by Redis alone: between what the tables were told and what
 * Redis is told there is a moment, and in one where all was lost at once nobody can know (ADR 0020).
 */
const cacheKnows = async ({ redis }: Cluster, position: bigint): Promise<unknown> =>
  eventually(async () => (await redis.knownPosition()) > position, MOVES_ON);

/** An older copy can be known by what is remembered of the newer one: the tables have it. */
async function tablesPass(
  { database, options: { postgres } }: Cluster,
  grew: () => Promise<boolean>,
): Promise<void> {
  const places = async () =>
    (
      await postgres.query(
        database,
        "SELECT min(position) AS place FROM projection_checkpoints WHERE slot = 'live'",
      )
    )[0]?.place;
  const before = await places();
  await eventually(
    async () => (await grew()) && BigInt((await places()) as string) > BigInt(before as string),
    MOVES_ON,
  );
}
