import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { Build } from '../build/build.js';
import { foldBooks } from '../check/books.js';
import { accountsOf, readRawLog } from '../check/raw-log.js';
import { type Invariant, judge, type Verdict } from '../check/verdict.js';
import { Cluster } from '../cluster/cluster.js';
import type { Keeper } from '../cluster/keeper.js';
import type { PostgresServer } from '../cluster/postgres.js';
import { unmount } from '../cluster/small-disk.js';
import { FaultBook } from './fault-book.js';
import type { RoundPlan } from '../plan/plan.js';
import { openAccounts } from './accounts.js';
import type { LaneWorld } from './client.js';
import { openOperator } from './desk.js';
import { openShop } from './shop.js';
import { Lane } from './lane.js';
import { type AnswerKind, Observations } from './observations.js';
import { comeToRest } from './rest.js';

export interface RoundWorld {
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly keeper: Keeper;
  readonly build: Build;
  readonly oldBuild: Build | undefined;
  readonly invariants: readonly Invariant[];
  readonly say: (line: string) => void;
  /** The database that the ledger's is a copy of; by default it begins with none of its tables. */
  readonly template?: string;
  /** How long everything may take that ends by itself; the default is generous, and with 0 nothing is waited for. */
  readonly restWithinMs?: number;
}

export interface RoundResult {
  readonly plan: RoundPlan;
  readonly counts: Readonly<Record<AnswerKind, number>>;
  /** Fault -> how often; crash points by their name. */
  readonly injected: ReadonlyMap<string, number>;
  /** Fault -> why not. */
  readonly notInjected: ReadonlyMap<string, string>;
  readonly events: number;
  readonly verdicts: readonly Verdict[];
}

const LEAST_WITHIN_MS = 180_000;

/** One ledger from its birth to its audit. */
export async function runRound(world: RoundWorld, plan: RoundPlan): Promise<RoundResult> {
  const { keeper, postgres, build, template, say } = world;
  const folder = join(world.folder, `round-${plan.index}`);
  const cluster = await Cluster.open({
    folder,
    store: plan.store,
    shape: plan.shape,
    hasLeases: plan.hasLeases,
    build,
    postgres,
    template,
    keeper,
  });
  try {
    const observations = new Observations();
    const accounts = await openAccounts(cluster.url('api'), observations);
    const isServed = plan.profile === 'all' || plan.profile === 'orders';
    const operatorToken = isServed ? await openOperator(cluster) : undefined;
    const codes = operatorToken === undefined ? [] : await openShop(cluster, operatorToken);
    await cluster.redis.save();
    say(
      `round ${plan.index + 1}: the log is in ${plan.store}, ${plan.faults.length} faults in ${plan.forMs / 1000} s${plan.hasLeases ? ', with leases' : ''}`,
    );
    const faults = await torture(world, plan, cluster, {
      ...{ accounts, observations, operatorToken, codes },
      provider: cluster.provider,
    });
    const { complaints, injected, notInjected } = faults;
    say('no more faults; it comes to rest');
    complaints.push(...(await comeToRest(cluster, accounts, observations, world.restWithinMs)));
    complaints.push(...cluster.services.flatMap(({ deaths }) => deaths));
    const evidence = await gather(cluster, plan, { observations, codes }, faults);
    const verdicts = await judge(world.invariants, evidence);
    const count = (kind: AnswerKind) => observations.count(kind);
    return {
      plan,
      counts: {
        acknowledged: count('acknowledged'),
        refused: count('refused'),
        ambiguous: count('ambiguous'),
      },
      injected,
      notInjected,
      events: evidence.events.length,
      verdicts,
    };
  } finally {
    await cluster.close();
    for (const { smallDisk } of cluster.members.values())
      if (smallDisk) await unmount(smallDisk).catch(() => undefined);
    await postgres.dropDatabase(cluster.database).catch(() => undefined);
  }
}

async function torture(
  world: RoundWorld,
  plan: RoundPlan,
  cluster: Cluster,
  clients: Omit<LaneWorld, 'apiUrl' | 'relayUrls'>,
): Promise<FaultBook> {
  let over = false;
  const relayUrls = [cluster.url('relay-1'), cluster.url('relay-2')] as const;
  const apiUrl = cluster.url('api');
  const lanes = plan.lanes.map(
    (random, index) => new Lane(index, random, plan.profile, { ...clients, apiUrl, relayUrls }),
  );
  const working = lanes.map((lane) => lane.work(() => over));
  const faults = new FaultBook({ ...world, cluster, observations: clients.observations });
  await Promise.all([wait(plan.forMs), faults.injectAll(plan.faults)]);
  await eventually(() => lanes.every(({ taken }) => taken >= plan.leastSteps), {
    timeoutMs: LEAST_WITHIN_MS,
    intervalMs: 50,
  });
  over = true;
  await Promise.all(working);
  return faults;
}

async function gather(
  cluster: Cluster,
  plan: RoundPlan,
  seen: { readonly observations: Observations; readonly codes: readonly string[] },
  { complaints, passedOver }: FaultBook,
) {
  const events = await readRawLog(cluster);
  return {
    cluster,
    events,
    books: foldBooks(events),
    ...seen,
    provider: cluster.provider.entries(),
    upstream: await cluster.upstream.entries(),
    accounts: accountsOf(events),
    random: plan.random,
    complaints,
    passedOver,
  };
}
