import { markdownTable } from '../support/markdown.js';
import { spreadOf } from '../support/statistics.js';
import type { Measurement } from './measure.js';
import type { Traffic } from './traffic.js';

export interface LadderRow {
  readonly name: string;
  readonly measurements: readonly Measurement[];
}

const cpu = (one: Measurement) => one.cpuMicros;

/** Medians of all rounds; of the CPU time also the least and the most. */
export function ladderTable(rows: readonly LadderRow[]): string {
  const columns = ['', 'CPU µs a call', 'least … most', 'CPU µs elsewhere', 'calls/s', 'p50 ms', 'p99 ms'];
  return markdownTable(
    columns,
    rows.map(({ name, measurements }) => {
      const cpu = spreadOf(measurements.map(({ cpuMicros }) => cpuMicros));
      const median = (pick: (one: Measurement) => number) => spreadOf(measurements.map(pick)).median;
      return [
        name,
        cpu.median.toFixed(0),
        `${cpu.least.toFixed(0)} … ${cpu.most.toFixed(0)}`,
        median(({ helperCpuMicros }) => helperCpuMicros).toFixed(0),
        median(({ callsPerSecond }) => callsPerSecond).toFixed(0),
        median(({ p50Ms }) => p50Ms).toFixed(2),
        median(({ p99Ms }) => p99Ms).toFixed(2),
      ];
    }),
  );
}

/**
 * What our service costs over that of other checkouts: the medians of the ratios within each round, so that what else the machine did
 * counts in neither. Empty where there is no other.
 */
export function changeTable(rows: readonly LadderRow[]): string {
  const ours = rows.find(({ name }) => name === 'Counterfoil L3');
  const others = rows.filter(({ name }) => name.startsWith('L3 of'));
  if (!ours || others.length === 0) return '';
  const ratio = (other: LadderRow, pick: (one: Measurement) => number) => {
    const { median, least, most } = spreadOf(
      ours.measurements.map((one, round) => pick(one) / pick(other.measurements[round] as Measurement)),
    );
    return [median, least, most].map((value) => value.toFixed(3)).join(' · ');
  };
  return markdownTable(
    ['Ratios, median · least · most', 'CPU a call', 'CPU elsewhere', 'p50'],
    others.map((other) => [
      `Counterfoil L3 / ${other.name}`,
      ratio(other, cpu),
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
function targetsOf(traffic: Traffic, connections: number): readonly Target[] {
  const targets: Target[] = [];
  const overPortkey = (limit: number): Target => ({
    what: `L3 CPU a call / Portkey's`,
    limit,
    measured: (of) => of('Counterfoil L3', cpu) / of('Portkey', cpu),
  });
  if (traffic === 'json-1k') {
    targets.push(overPortkey(1 / 7), {
      what: 'L3 CPU a call / L0',
      limit: 2.2,
      measured: (of) => of('Counterfoil L3', cpu) / of('Counterfoil L0', cpu),
    });
  }
  if (traffic === 'sse-burst') targets.push(overPortkey(1 / 6));
  if (connections === 1) {
    const added = (what: string, limit: number, pick: (one: Measurement) => number): Target => ({
      what,
      limit,
      measured: (of) => of('Counterfoil L3', pick) - of('nginx', pick),
    });
    targets.push(
      added('L3 p50 over nginx, ms', 1, ({ p50Ms }) => p50Ms),
      added('L3 p99 over nginx, ms', 4, ({ p99Ms }) => p99Ms),
    );
  }
  return targets;
}

/** Targets for which one of the two was not among the subjects are left out. */
export function targetTable(traffic: Traffic, connections: number, rows: readonly LadderRow[]): string {
  const of = (name: string, pick: (one: Measurement) => number) => {
    const row = rows.find((candidate) => candidate.name.startsWith(name));
    return row ? spreadOf(row.measurements.map(pick)).median : NaN;
  };
  const cells = targetsOf(traffic, connections).flatMap(({ what, limit, measured }) => {
    const value = measured(of);
    if (Number.isNaN(value)) return [];
    return [[what, limit.toFixed(3), value.toFixed(3), value <= limit ? 'met' : 'MISSED']];
  });
  return cells.length === 0 ? '' : markdownTable(['target', 'at most', 'measured', ''], cells);
}
