import { createHash } from 'node:crypto';
import type { Shape } from '../cluster/cluster.js';
import { Random } from '../random.js';
import { deckOf, powerCuts, type PlannedFault, scheduleOf, type Store } from './faults.js';
import { LANES, laneSteps, type Profile } from './workload.js';

export interface RoundPlan {
  readonly index: number;
  readonly store: Store;
  readonly profile: Profile;
  readonly shape: Shape;
  /** Whether relays take leases of holds (`HOLD_LEASES`). */
  readonly hasLeases: boolean;
  /** How long there is work and there are faults. */
  readonly forMs: number;
  /** How much each lane does in any case, on a machine that is slow. */
  readonly leastSteps: number;
  readonly faults: readonly PlannedFault[];
  /** What each lane's steps are drawn from. */
  readonly lanes: readonly Random[];
  /** For what is no lane's and no fault's: the sizes of batches in the checks. */
  readonly random: Random;
}

export interface Plan {
  readonly seed: string;
  readonly rounds: readonly RoundPlan[];
  /** Equal for equal plans: all faults with their times, and the first steps of every lane. */
  readonly digest: string;
}

const LONGEST_ROUND_MS = 100_000;
const FAULT_EVERY_MS = 3_000;
const STEPS_IN_DIGEST = 300;

export interface PlanOptions {
  readonly withPowerCuts?: boolean;
  /** Where the log of every round is; the two take turns otherwise. */
  readonly log?: Store | undefined;
  readonly hasLeases?: boolean | undefined;
  /** Faults of other kinds are left out. */
  readonly only?: readonly string[] | undefined;
}

/** The same seed, minutes and options give the same plan; how far its lanes get, and what a fault hits, are the machine's. */
export function makePlan(seed: string, minutes: number, options: PlanOptions = {}): Plan {
  const random = new Random(seed);
  const totalMs = Math.round(minutes * 60_000);
  const count = Math.max(1, Math.round(totalMs / LONGEST_ROUND_MS));
  const drawn: Store[] = random.chance(0.5) ? ['eventstoredb', 'postgres'] : ['postgres', 'eventstoredb'];
  const stores = options.log ? [options.log, options.log] : drawn;
  const faults = random.fork('faults');
  const draw = () => deckOf(faults).filter(({ kind }) => options.only?.includes(kind) ?? true);
  const deck = draw();
  if (deck.length === 0) throw new Error(`no fault is called ${options.only?.join(' or ')}`);
  // Among the first that come, so that a short run has them too.
  if (options.withPowerCuts)
    for (const [index, cut] of powerCuts(faults.fork('power')).entries()) deck.splice(3 * index + 1, 0, cut);
  const forMs = Math.round(totalMs / count);
  const rounds = Array.from({ length: count }, (_, index): RoundPlan => {
    const own = random.fork(`round ${index}`);
    return {
      index,
      store: stores[index % 2] as Store,
      profile: 'all',
      shape: 'whole',
      hasLeases: options.hasLeases === true,
      forMs,
      leastSteps: 0,
      faults: scheduleOf({ random: faults, deck, draw, forMs, everyMs: FAULT_EVERY_MS }),
      lanes: Array.from({ length: LANES }, (_each, lane) => own.fork(`lane ${lane}`)),
      random: own.fork('checks'),
    };
  });
  return { seed, rounds, digest: digestOf(seed, rounds) };
}

/**
 * One round, counted from 1, and of its faults those with these places, counted from 0; all where nothing is chosen.
 *
 * @throws Error when there is no such round or fault
 */
export function partOf(
  rounds: readonly RoundPlan[],
  { round, faults }: { readonly round?: string | undefined; readonly faults?: string | undefined },
): readonly RoundPlan[] {
  if (round === undefined) {
    if (faults !== undefined) throw new Error('--faults are of one --round');
    return rounds;
  }
  const chosen = rounds[Number(round) - 1];
  if (!chosen) throw new Error(`there is no round ${round}; there are ${rounds.length}`);
  if (faults === undefined) return [chosen];
  const places = faults === 'none' ? [] : faults.split(',').map(Number);
  const kept = places.map((place) => {
    const fault = chosen.faults[place];
    if (!fault) throw new Error(`round ${round} has no fault ${place}`);
    return fault;
  });
  return [{ ...chosen, faults: kept }];
}

function digestOf(seed: string, rounds: readonly RoundPlan[]): string {
  const hash = createHash('sha256');
  for (const { index, store, forMs, faults } of rounds) {
    hash.update(JSON.stringify([store, forMs, faults]));
    for (let lane = 0; lane < LANES; lane++) {
      const steps = laneSteps(new Random(seed).fork(`round ${index}`).fork(`lane ${lane}`));
      for (let step = 0; step < STEPS_IN_DIGEST; step++) hash.update(JSON.stringify(steps.next().value));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
