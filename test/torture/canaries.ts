import { join } from 'node:path';
import { broken, build } from './build/build.js';
import { mutationOf, mutations } from './build/mutations.js';
import { quickInvariants } from './check/invariants.js';
import type { Shape } from './cluster/cluster.js';
import type { Keeper } from './cluster/keeper.js';
import { PostgresServer } from './cluster/postgres.js';
import type { CrashPoint, Fault, PlannedFault, ServiceName, Store } from './plan/faults.js';
import type { RoundPlan } from './plan/plan.js';
import type { Profile } from './plan/workload.js';
import { LANES } from './plan/workload.js';
import { MODULES, prepareTemplate, TEMPLATE } from './log-canaries/ground.js';
import { runLogCanaries } from './log-canaries/run.js';
import { Random } from './random.js';
import { runRound } from './run/round.js';

/** A canary with a short plan that is aimed at it, and the invariants of which one must break. */
interface Aim {
  readonly canary: string;
  readonly store: Store;
  readonly shape: Shape;
  readonly profile: Profile;
  readonly forMs: number;
  readonly faults: readonly PlannedFault[];
  readonly breaks: readonly string[];
}

const BALANCES = 'every balance in the tables is the sum of the log';
const BELOW_ZERO = 'no balance is below zero at any place of the log, but for the overshoot on record';
const ADMITTED = 'the cache never admitted more than there was';

const ORDERS = {
  store: 'postgres',
  shape: 'one process',
  profile: 'orders',
  forMs: 0,
  faults: [],
} as const;

/** However slow the machine is, its moment comes. */
const crashAt = (point: CrashPoint, victim: ServiceName): Fault => ({
  kind: 'crash point',
  point,
  victim,
  withinMs: 120_000,
});

const AIMS: readonly Aim[] = [
  {
    canary: 'double-apply',
    store: 'postgres',
    shape: 'one process',
    profile: 'payments',
    forMs: 0,
    faults: [],
    breaks: [BALANCES],
  },
  {
    canary: 'guard-off',
    store: 'postgres',
    shape: 'one process',
    profile: 'calls',
    forMs: 0,
    faults: [],
    breaks: [BELOW_ZERO, ADMITTED],
  },
  {
    canary: 'hold-freed-early',
    store: 'postgres',
    shape: 'one relay',
    profile: 'calls',
    forMs: 0,
    // While nothing is projected, what was freed too early is there to be spent again.
    faults: [{ atMs: 0, fault: { kind: 'projector stopped for long', forMs: 3_000 } }],
    breaks: [BELOW_ZERO, ADMITTED],
  },
  {
    canary: 'checkpoint-ahead-of-handler',
    store: 'postgres',
    shape: 'one process',
    profile: 'payments',
    forMs: 0,
    faults: [
      {
        atMs: 500,
        fault: crashAt('projector: batch under way', 'projector'),
      },
    ],
    breaks: [BALANCES],
  },
  {
    canary: 'event-id-without-body-hash',
    store: 'eventstoredb',
    shape: 'one process',
    profile: 'payments',
    forMs: 0,
    faults: [],
    breaks: ['another body under a used key is a typed error, as is what is not valid'],
  },
  {
    canary: 'stale-answer',
    store: 'postgres',
    shape: 'one process',
    profile: 'readings',
    forMs: 0,
    faults: [],
    breaks: [
      'a balance that is read was the balance at a moment, never before min_position and never older than one read before',
    ],
  },
  {
    canary: 'answer-before-charge',
    store: 'eventstoredb',
    shape: 'one process',
    profile: 'calls',
    forMs: 0,
    faults: [
      {
        // At once: the account is soon empty.
        atMs: 0,
        fault: crashAt('relay: charge not yet appended', 'relay-1'),
      },
    ],
    breaks: ['every completed answer has one charge'],
  },
  {
    ...ORDERS,
    canary: 'order-credited-at-each-sighting',
    breaks: ['an order is credited once, with what it says and to who placed it, and never unpaid'],
  },
  { ...ORDERS, canary: 'code-used-by-each', breaks: ['a code gives once'] },
];

/**
 * Of each lane, and all that most canaries need, however long it takes: so many payments hold a change of amount for certain, and so many
 * calls empty an account.
 */
const LEAST_STEPS = 12;

export interface CanaryResult {
  readonly canary: string;
  readonly what: string;
  readonly caught: boolean;
  /** The first of the invariants that it broke, and how; or what was found to be wrong. */
  readonly brokenBy: string | undefined;
  readonly seconds: number;
}

export interface CanaryOptions {
  readonly folder: string;
  readonly keeper: Keeper;
  readonly seed: string;
  readonly say: (line: string) => void;
  /** The same plans on a build without a fault: then nothing may break. */
  readonly healthy?: boolean;
  /** This one alone. */
  readonly only?: string | undefined;
}

/** One after another, on one PostgreSQL. */
export async function runCanaries({
  folder,
  keeper,
  seed,
  say,
  healthy = false,
  only,
}: CanaryOptions): Promise<readonly CanaryResult[]> {
  const [sound, postgres] = await Promise.all([
    build('the working tree', join(folder, 'build'), { modules: MODULES, ...(!healthy && { mutations }) }),
    PostgresServer.start(folder, keeper),
  ]);
  const results: CanaryResult[] = [];
  const note = (canary: string, brokenBy: string | undefined, startedMs: number): void => {
    const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
    const { what } = mutationOf(canary);
    results.push({ canary, what, caught: brokenBy !== undefined, brokenBy, seconds });
    say(`${canary}: ${brokenBy ?? 'nothing broke'} (${seconds} s)`);
  };
  try {
    await prepareTemplate(postgres, sound);
    for (const [index, aim] of AIMS.entries()) {
      if (only !== undefined && aim.canary !== only) continue;
      const startedMs = performance.now();
      const built = healthy ? sound : broken(sound, mutationOf(aim.canary));
      const world = { folder, postgres, keeper, build: built, oldBuild: undefined, say: () => undefined };
      const { verdicts } = await runRound(
        { ...world, template: TEMPLATE, invariants: quickInvariants, ...(!healthy && { restWithinMs: 0 }) },
        planOf(aim, index, seed),
      );
      const failed = verdicts.filter(({ failures }) => failures.length > 0);
      const expected = failed.find(({ name }) => aim.breaks.includes(name));
      const [first] = healthy ? failed : expected ? [expected] : [];
      note(aim.canary, first && `${first.name}: ${first.failures[0]}`, startedMs);
    }
    let startedMs = performance.now();
    for await (const { canary, wrong } of runLogCanaries({ folder, postgres, build: sound, healthy, only })) {
      note(canary, wrong, startedMs);
      startedMs = performance.now();
    }
  } finally {
    await postgres.stop().catch(() => undefined);
  }
  return results;
}

function planOf({ store, shape, profile, forMs, faults }: Aim, index: number, seed: string): RoundPlan {
  const random = new Random(seed).fork(`canary ${index}`);
  const lanes = Array.from({ length: LANES }, (_, lane) => random.fork(`lane ${lane}`));
  return {
    ...{ index, store, shape, profile, forMs, faults, lanes, random },
    leastSteps: LEAST_STEPS,
    hasLeases: false,
  };
}

/** For people; the last line counts the canaries, which pass when they are caught, and on the build as it is when nothing is. */
export function printCanaries(results: readonly CanaryResult[], healthy: boolean): string {
  const passed = results.filter(({ caught }) => caught !== healthy).length;
  const lines = results.map(({ canary, caught, what, brokenBy, seconds }) => {
    const verdict = brokenBy ?? (healthy ? 'nothing broke' : 'not caught');
    const subject = healthy ? `the plan of ${canary}, on the build as it is` : `${canary}: ${what}`;
    return `${caught !== healthy ? 'ok    ' : 'FAILED'}  ${subject}\n          ${verdict} (${seconds} s)`;
  });
  return [...lines, '', `${passed} passed, ${results.length - passed} failed`].join('\n');
}
