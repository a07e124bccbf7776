import type { Verdict } from './check/verdict.js';
import type { Plan } from './plan/plan.js';
import type { RoundResult } from './run/round.js';

/** What a run says of itself, for machines. */
export interface Report {
  readonly seed: string;
  readonly minutes: number;
  readonly build: string;
  readonly plan: string;
  readonly rounds: number;
  readonly events: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly planned: number;
  readonly injected: Readonly<Record<string, number>>;
  readonly notInjected: Readonly<Record<string, string>>;
  /** Each once, over all rounds. */
  readonly invariants: readonly Verdict[];
  readonly passed: number;
  readonly failed: number;
}

export function reportOf(plan: Plan, minutes: number, build: string, rounds: readonly RoundResult[]): Report {
  const merged = merge(rounds);
  const injected = sum(rounds.map((round) => round.injected));
  const notInjected = new Map(rounds.flatMap((round) => [...round.notInjected]));
  for (const name of injected.keys()) notInjected.delete(name);
  return {
    seed: plan.seed,
    minutes,
    build,
    plan: plan.digest,
    rounds: rounds.length,
    events: rounds.reduce((total, { events }) => total + events, 0),
    answers: Object.fromEntries(sum(rounds.map(({ counts }) => new Map(Object.entries(counts))))),
    planned: rounds.reduce((total, { plan: round }) => total + round.faults.length, 0),
    injected: Object.fromEntries([...injected].sort(([a], [b]) => (a < b ? -1 : 1))),
    notInjected: Object.fromEntries(notInjected),
    invariants: merged,
    passed: merged.filter(({ failures }) => failures.length === 0).length,
    failed: merged.filter(({ failures }) => failures.length > 0).length,
  };
}

function merge(rounds: readonly RoundResult[]): Verdict[] {
  const merged = new Map<string, { failures: string[]; notes: string[] }>();
  for (const { plan, verdicts } of rounds) {
    for (const { name, failures, notes } of verdicts) {
      const known = merged.get(name) ?? { failures: [], notes: [] };
      known.failures.push(...failures.map((failure) => `round ${plan.index + 1}: ${failure}`));
      known.notes.push(...notes);
      merged.set(name, known);
    }
  }
  return [...merged].map(([name, verdict]) => ({ name, ...verdict }));
}

function sum(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const map of maps) for (const [key, count] of map) total.set(key, (total.get(key) ?? 0) + count);
  return total;
}

const SHOWN_FAILURES = 5;

/** For people; the last line counts the invariants. */
export function printReport(report: Report): string {
  const { answers, injected, notInjected, invariants } = report;
  const faults = Object.values(injected).reduce((total, count) => total + count, 0);
  const lines = [
    `seed ${report.seed}, ${report.minutes} minutes, plan ${report.plan}, build ${report.build}`,
    `${report.rounds} rounds, ${report.events} events in the log`,
    `${answers.acknowledged} acknowledged, ${answers.refused} refused, ${answers.ambiguous} ambiguous, ${faults} of ${report.planned} planned faults injected`,
    '',
    ...Object.entries(injected).map(([name, count]) => `${String(count).padStart(5)}  ${name}`),
    ...Object.entries(notInjected).map(([name, why]) => `    -  ${name}: not injected, ${why}`),
    '',
  ];
  for (const { name, failures, notes } of invariants) {
    lines.push(`${failures.length === 0 ? 'ok    ' : 'FAILED'}  ${name}`);
    for (const note of notes) lines.push(`          ${note}`);
    for (const failure of failures.slice(0, SHOWN_FAILURES)) lines.push(`        ! ${failure}`);
    if (failures.length > SHOWN_FAILURES)
      lines.push(`        ! and ${failures.length - SHOWN_FAILURES} more`);
  }
  const first = invariants.find(({ failures }) => failures.length > 0);
  if (first) lines.push('', `the first that fails: ${first.name}`, `  ${first.failures[0]}`);
  lines.push('', `${report.passed} passed, ${report.failed} failed`);
  return lines.join('\n');
}
