import { eventually } from '../../support/eventually.js';
import { readEverything, withEventStore } from '../cluster/event-store-client.js';
import { takeBackTombstone } from '../cluster/event-store-file.js';
import type { Cluster } from '../cluster/cluster.js';
import type { EventStoreProcess } from '../cluster/event-store.js';
import { type Fault, SERVICES } from '../plan/faults.js';
import { runCli } from '../support/run-cli.js';
import type { FaultWorld } from './inject.js';
import { NotHere } from './not-here.js';
import { isBooked, payAside, readiness } from './ways-in.js';

type Deletion = Extract<Fault, { kind: 'deletion' }>;

const PATIENCE = { timeoutMs: 120_000, intervalMs: 200 };
const VERIFY_TRIES = 8;

/** An operator takes a payment away, and undoes it: it is found, by its stream's name, and everybody goes on when they are started again. */
export async function injectDeletion(world: FaultWorld, { how }: Deletion): Promise<undefined> {
  const { cluster, complain } = world;
  const { eventStore } = cluster;
  if (eventStore?.isReal && how === 'tombstone') throw new NotHere('a real server keeps its tombstones');
  const bystander = await payAside(world);
  if (!(await isBooked(cluster, bystander))) complain('deletion: a payment did not come into the balance');
  const taken = await (eventStore
    ? takeStream(eventStore, bystander.payment, how)
    : takeRow(cluster, bystander.payment));
  try {
    if (eventStore && !(await eventually(() => isTold(cluster, taken.mark), PATIENCE).catch(() => false)))
      complain(`deletion (${how}): the projector does not say that ${taken.mark} was taken away`);
    if (!(await isFoundByVerify(cluster, taken.mark)))
      complain(`deletion (${how}): verify does not say that ${taken.mark} was taken away`);
  } finally {
    await taken.undo();
    await startAgain(cluster, taken.mark);
  }
  return undefined;
}

interface Taken {
  /** Whoever finds it says this. */
  readonly mark: string;
  undo(): Promise<void>;
}

async function takeStream(store: EventStoreProcess, payment: string, how: Deletion['how']): Promise<Taken> {
  return withEventStore(store.url, async (client) => {
    const events = await readEverything(client);
    const stream = events.find(({ data }) => data.payment_id === payment)?.stream;
    if (stream === undefined) throw new Error(`${payment} is not in the log`);
    if (how === 'soft') await client.deleteStream(stream);
    else if (how === 'limit') await client.setStreamMetadata(stream, { maxCount: 1 });
    else await client.tombstoneStream(stream);
    return {
      mark: stream,
      undo: () => (how === 'tombstone' ? restored(store, stream) : unlimited(store, stream)),
    };
  });
}

const unlimited = (store: EventStoreProcess, stream: string): Promise<void> =>
  withEventStore(store.url, async (client) => void (await client.setStreamMetadata(stream, {})));

async function restored(store: EventStoreProcess, stream: string): Promise<void> {
  await store.kill();
  takeBackTombstone(store.file, stream);
  await store.start();
}

/** Past the guard of the table, as who may do anything there can. */
async function takeRow({ database, options: { postgres } }: Cluster, payment: string): Promise<Taken> {
  const beyondTheGuard = 'SET session_replication_role = replica;';
  await postgres.query(
    database,
    'CREATE TABLE IF NOT EXISTS public.taken AS SELECT * FROM events WHERE false',
  );
  await postgres.query(
    database,
    `${beyondTheGuard} INSERT INTO public.taken SELECT * FROM events WHERE data->>'payment_id' = '${payment}';
     DELETE FROM events WHERE position IN (SELECT position FROM public.taken)`,
  );
  const [row] = await postgres.query(database, 'SELECT min(position) AS position FROM public.taken');
  const undo = async () => {
    await postgres.query(
      database,
      `${beyondTheGuard} INSERT INTO events OVERRIDING SYSTEM VALUE SELECT * FROM public.taken; DROP TABLE public.taken`,
    );
  };
  return { mark: `position ${row?.position as string}`, undo };
}

async function isTold(cluster: Cluster, mark: string): Promise<boolean> {
  const told = await readiness(cluster.member('projector'));
  return told !== undefined && !told.ready && told.text.includes(mark);
}

async function isFoundByVerify(cluster: Cluster, mark: string): Promise<boolean> {
  for (let time = 0; time < VERIFY_TRIES; time++) {
    // Where it says so it says nothing else.
    const said = await runCli(cluster, 'verify').catch((error: Error) => error.message);
    if (said.includes(mark)) return true;
  }
  return false;
}

/** What was altered is not healed by looking again: who has seen it must be started again. */
async function startAgain(cluster: Cluster, mark: string): Promise<void> {
  const services = new Set(SERVICES.map((name) => cluster.member(name).service));
  for (const service of services) {
    const told = await readiness({ service });
    if (told?.ready !== false || !told.text.includes(mark)) continue;
    await service.stop();
    await service.start();
  }
}
