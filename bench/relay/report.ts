import type { MachineConstants } from '../support/machine.js';
import { markdownTable } from '../support/markdown.js';
import { spreadOf } from '../support/statistics.js';
import type { Measurement } from './measure.js';
import type { Traffic } from './traffic.js';

export interface LadderRow {
  readonly name: string;
  readonly measurements: readonly Measurement[];
}

const own = (one: Measurement) => one.cpuMicros;
/** Of all processes: what a target is judged by. */
const sum = (one: Measurement) => one.cpuMicros + one.helperCpuMicros;

/** How much more than in its best round nginx may take in one that counts. */
const QUIET = 1.1;

/** The rounds in which the machine was not at fault, by their places; all where nginx has no turn. */
export function quietRounds(rows: readonly LadderRow[]): readonly number[] {
  const rounds = rows[0]?.measurements.map((_each, round) => round) ?? [];
  const floor = rows.find(({ name }) => name.startsWith('nginx'))?.measurements.map(own);
  if (!floor) return rounds;
  const best = Math.min(...floor);
  return rounds.filter((round) => (floor[round] as number) <= QUIET * best);
}

/** Medians of all rounds; of the CPU time also the least and the most. */
export function ladderTable(rows: readonly LadderRow[]): string {
  const columns = [
    '',
    'CPU µs a call',
    'least … most',
    'of itself',
    'elsewhere',
    'calls/s',
    'p50 ms',
    'p99 ms',
  ];
  return markdownTable(
    columns,
    rows.map(({ name, measurements }) => {
      const cpu = spreadOf(measurements.map(sum));
      const median = (pick: (one: Measurement) => number) => spreadOf(measurements.map(pick)).median;
      return [
        name,
        cpu.median.toFixed(0),
        `${cpu.least.toFixed(0)} … ${cpu.most.toFixed(0)}`,
        median(own).toFixed(0),
        median(({ helperCpuMicros }) => helperCpuMicros).toFixed(0),
        median(({ callsPerSecond }) => callsPerSecond).toFixed(0),
        median(({ p50Ms }) => p50Ms).toFixed(2),
        median(({ p99Ms }) => p99Ms).toFixed(2),
      ];
    }),
  );
}

/** What each part of our service takes, µs a call, the dearest first; those that take next to nothing are one. */
export function partsTable(rows: readonly LadderRow[]): string {
  const services = rows.filter(({ name }) => name.includes('L3'));
  if (services.length === 0) return '';
  const medians = services.map(({ measurements }) => {
    const names = new Set(measurements.flatMap(({ parts }) => [...parts.keys()]));
    const of = (pick: (one: Measurement) => number) => spreadOf(measurements.map(pick)).median;
    const parts = [...names].map((name) => [name, of(({ parts }) => parts.get(name) ?? 0)] as const);
    return new Map([['relay', of(own)] as const, ...parts]);
  });
  const most = (name: string) => Math.max(...medians.map((each) => each.get(name) ?? 0));
  const names = [...new Set(medians.flatMap((each) => [...each.keys()]))]
    .filter((name) => most(name) >= 1)
    .sort((one, other) => most(other) - most(one));
  return markdownTable(
    ['µs a call', ...services.map(({ name }) => name)],
    names.map((name) => [name, ...medians.map((each) => (each.get(name) ?? 0).toFixed(0))]),
  );
}

/**
 * What our service costs over that of other checkouts: the medians of the ratios within each round, so that what else the machine did
 * counts in neither. Empty where there is no other.
 */
export function changeTable(rows: readonly LadderRow[]): string {
  const ours = rows.find(({ name }) => name === 'Counterfoil L3');
  const others = rows.filter((row) => row !== ours && row.name.includes('L3'));
  if (!ours || others.length === 0) return '';
  const ratio = (other: LadderRow, pick: (one: Measurement) => number) => {
    const { median, least, most } = spreadOf(
      ours.measurements.map((one, round) => pick(one) / pick(other.measurements[round] as Measurement)),
    );
    return [median, least, most].map((value) => value.toFixed(3)).join(' · ');
  };
  return markdownTable(
    ['Ratios, median · least · most', 'CPU a call', 'of the relay', 'elsewhere', 'p50'],
    others.map((other) => [
      `Counterfoil L3 / ${other.name}`,
      ratio(other, sum),
      ratio(other, own),
      ratio(other, ({ helperCpuMicros }) => helperCpuMicros),
      ratio(other, ({ p50Ms }) => p50Ms),
    ]),
  );
}

interface Target {
  readonly what: string;
  readonly limit: number;
  readonly measured: (of: (name: string, pick: (one: Measurement) => number) => number) => number;
}

/** Ratios of subjects of one run; each must stay at or below its limit. */
function targetsOf(
  traffic: Traffic,
  connections: number,
  { fdatasyncMs }: MachineConstants,
): readonly Target[] {
  const targets: Target[] = [];
  if (traffic === 'json-1k' && connections === 16)
    targets.push(
      {
        what: 'L3 / Portkey, all processes',
        limit: 1 / 3,
        measured: (of) => of('Counterfoil L3', sum) / of('Portkey', sum),
      },
      {
        what: 'L3 with 2,000 accounts / with one, all processes',
        limit: 1.25,
        measured: (of) => of('Counterfoil L3, 2000 accounts', sum) / of('Counterfoil L3', sum),
      },
    );
  if (connections === 1)
    targets.push({
      what: 'L3 p50 over nginx and an fdatasync, ms',
      limit: 1,
      measured: (of) =>
        of('Counterfoil L3', ({ p50Ms }) => p50Ms) - of('nginx', ({ p50Ms }) => p50Ms) - fdatasyncMs,
    });
  return targets;
}

/** Targets for which one of the two was not among the subjects are left out. */
export function targetTable(
  traffic: Traffic,
  connections: number,
  rows: readonly LadderRow[],
  machine: MachineConstants,
): string {
  const of = (name: string, pick: (one: Measurement) => number) => {
    const row =
      rows.find((candidate) => candidate.name === name) ??
      rows.find((candidate) => candidate.name.startsWith(`${name} `));
    return row ? spreadOf(row.measurements.map(pick)).median : NaN;
  };
  const cells = targetsOf(traffic, connections, machine).flatMap(({ what, limit, measured }) => {
    const value = measured(of);
    if (Number.isNaN(value)) return [];
    return [[what, limit.toFixed(3), value.toFixed(3), value <= limit ? 'met' : 'MISSED']];
  });
  return cells.length === 0 ? '' : markdownTable(['target', 'at most', 'measured', ''], cells);
}
