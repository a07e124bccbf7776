import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { type RawEvent, readRawLog } from '../check/raw-log.js';
import type { Cluster } from '../cluster/cluster.js';
import { insist } from '../run/accounts.js';
import { runCli, runCliWith } from '../support/run-cli.js';
import { atCrashPoint } from './crash-points.js';
import { forgetWhatIsLost } from './forgotten.js';
import type { FaultWorld } from './inject.js';
import { anEmptyStore } from './move.js';
import { tellNewPlaces } from './places.js';
import { type Spooled, spooledCharges, whichAreNotAside } from './spooled.js';
import { allSay } from './ways-in.js';

/** Clients work on behind a backup, so that there is something to lose. */
const WORKS_MS = 3_000;
const CHARGES_WITHIN_MS = 20_000;
/** Calls under way end meanwhile, and their charges are on the relays' disks. */
const AWAY_MS = 2_500;
const STAYS_MS = 2_000;
const PUT_ASIDE = { timeoutMs: 60_000, intervalMs: 200 };
/** What is lost, or came to a newer generation. */
const WORDS = /older copy|generation/;

/**
 * All servers of the ledger are lost, and what is left is a backup that was made while clients worked, and is older than some of what they
 * were answered. It is restored to the addresses of before under processes that still run: they must say that this is not the ledger they
 * were at work with, and touch nothing. Started anew they go on; clients post again what the backup has not, relays come last. From
 * then on it is judged by what the backup had and what was done since.
 */
export async function restoreTheLedger(world: FaultWorld): Promise<undefined> {
  const { cluster, complain } = world;
  const folder = await mkdtemp(join(cluster.options.folder, 'restored-'));
  await backUp(cluster, folder);
  await wait(WORKS_MS);
  // Only what is new, behind what it has already.
  await backUp(cluster, folder);
  await wait(WORKS_MS);
  await loseServers(cluster);
  let before: readonly RawEvent[];
  try {
    await wait(AWAY_MS);
    before = await readRawLog(cluster);
    await exchangeServers(world, folder, before);
  } finally {
    refuseAll(cluster, false);
  }
  const there = await readRawLog(cluster);
  const silent = await allSay(cluster, WORDS);
  if (silent !== undefined) complain(`restore under fire: ${silent}`);
  await wait(STAYS_MS);
  await Promise.all(cluster.services.map((service) => service.stop()));
  const written = (await readRawLog(cluster)).length - there.length;
  if (written !== 0) complain(`restore under fire: processes of before wrote ${written} events`);
  await goOn(world, before, there);
}

/** The front end and the operators first, relays last: who is served by then is who is in the books. */
async function goOn(
  world: FaultWorld,
  before: readonly RawEvent[],
  there: readonly RawEvent[],
): Promise<void> {
  const { cluster, observations, complain } = world;
  const spooled: Spooled[] = [];
  for (const { dataDir } of new Set(cluster.members.values()))
    spooled.push(...(await spooledCharges(dataDir)));
  await tellNewPlaces(world, before);
  const lost = forgetWhatIsLost(observations, {
    ...{ before, there },
    spooled: new Set(spooled.flatMap(({ requestIds }) => requestIds)),
  });
  const relays = new Set([cluster.member('relay-1').service, cluster.member('relay-2').service]);
  const usual = cluster.services.filter(({ name }) => name !== 'projector-2');
  await Promise.all(usual.filter((service) => !relays.has(service)).map((service) => service.start()));
  for (const request of lost) await insist(cluster.url('api'), request);
  await Promise.all([...relays].map((service) => service.start()));
  const areAside = async (): Promise<boolean> => (await whichAreNotAside(spooled)).length === 0;
  if (!(await eventually(areAside, PUT_ASIDE).catch(() => false)))
    complain(
      `restore under fire: of the ledger of before, and not set aside: ${(await whichAreNotAside(spooled)).join(', ')}`,
    );
}

/** While a charge is on its way, so that there is one that comes into no log. */
async function loseServers(cluster: Cluster): Promise<void> {
  const lose = (): void => refuseAll(cluster, true);
  const point = 'relay: charge not yet appended';
  if (!(await atCrashPoint(cluster, point, 'relay-1', CHARGES_WITHIN_MS, lose))) lose();
}

const refuseAll = ({ members }: Cluster, refusing: boolean): void => {
  for (const { links } of members.values())
    for (const link of [links.store, links.postgres]) link.refuse(refusing);
};

/** Of what the command says. */
interface Restored {
  readonly drift: number;
  readonly last_event: { readonly position: string | number };
}

async function backUp(cluster: Cluster, folder: string): Promise<void> {
  JSON.parse(await runCli(cluster, 'backup', folder, '--json'));
}

/** The backup is made a ledger of in new servers, of the kind of before, and these take the place of the lost ones. */
async function exchangeServers(
  { cluster, complain }: FaultWorld,
  folder: string,
  before: readonly RawEvent[],
): Promise<void> {
  const { database, eventStore, options } = cluster;
  const { postgres } = options;
  const [fresh, gone] = [`${database}_new`, `${database}_lost`];
  await postgres.createDatabase(fresh);
  const there = { DATABASE_URL: postgres.url(fresh), EVENTSTORE_URL: undefined };
  const restored = JSON.parse(
    await runCliWith(cluster, there, 'restore', folder, '--by', 'torture', '--json'),
  ) as Restored;
  if (restored.drift !== 0)
    complain(`restore under fire: what was restored has a drift of ${restored.drift}`);
  // Times of before go into PostgreSQL's log, and from there to an event store.
  const store = eventStore && (await anEmptyStore(cluster));
  if (store) {
    const copy = ['log', 'copy', '--from', 'database', '--to', store.url, '--by', 'torture', '--json'];
    await runCliWith(cluster, there, ...copy);
  }
  await postgres.renameDatabase(database, gone);
  await postgres.renameDatabase(fresh, database);
  if (store) await cluster.exchangeStore(store);
  await eventStore?.kill();
  await postgres.dropDatabase(gone);
  const has = new Set((await readRawLog(cluster)).map(({ id }) => id));
  const end = BigInt(restored.last_event.position);
  const other = before.find(
    ({ id, stream, position }) => stream !== 'log' && has.has(id) !== position <= end,
  );
  if (other)
    complain(
      `restore under fire: it says that it ends at ${end}, and the event of ${other.position} is ${has.has(other.id) ? '' : 'not '}there`,
    );
}
