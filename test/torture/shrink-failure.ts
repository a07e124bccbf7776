import type { PlannedFault } from './plan/faults.js';
import type { RoundPlan } from './plan/plan.js';
import { shrink } from './plan/shrink.js';
import { Random } from './random.js';
import { runRound, type RoundResult, type RoundWorld } from './run/round.js';

/** Each is a round of its own: a minute or two. */
const TRIES = 12;

const failuresOf = ({ verdicts }: RoundResult): string[] =>
  verdicts.filter(({ failures }) => failures.length > 0).map(({ name }) => name);

/** Looks for fewer faults under which the same invariant of the same round breaks, with the same clients. Answers what to say of it. */
export async function shrinkFailure(
  world: RoundWorld,
  { seed, minutes }: { readonly seed: string; readonly minutes: number },
  failed: RoundResult,
): Promise<string> {
  const wanted = failuresOf(failed)[0];
  if (wanted === undefined) return '';
  let round = 0;
  const stillFails = async (faults: readonly PlannedFault[]): Promise<boolean> => {
    const plan = { ...again(failed.plan, seed), index: 1_000 + ++round, faults };
    const result = await runRound({ ...world, say: () => undefined }, plan);
    const isSame = failuresOf(result).includes(wanted);
    world.say(`shrinking: ${faults.length} faults, ${isSame ? 'it fails still' : 'it holds'}`);
    return isSame;
  };
  const faults = await shrink(failed.plan.faults, stillFails, TRIES);
  const positions = faults.map((fault) => failed.plan.faults.indexOf(fault)).join(',');
  return [
    `the shortest plan found that breaks "${wanted}": ${faults.length} of ${failed.plan.faults.length} faults of round ${failed.plan.index + 1}`,
    ...faults.map((fault) => `  ${JSON.stringify(fault)}`),
    `again: npm run torture -- --seed ${seed} --minutes ${minutes} --round ${failed.plan.index + 1} --faults ${positions === '' ? 'none' : positions}`,
  ].join('\n');
}

/** A round that was run has used up its draws: the same ones, from the beginning. */
function again(plan: RoundPlan, seed: string): RoundPlan {
  const own = new Random(seed).fork(`round ${plan.index}`);
  return {
    ...plan,
    lanes: plan.lanes.map((_lane, index) => own.fork(`lane ${index}`)),
    random: own.fork('checks'),
  };
}
