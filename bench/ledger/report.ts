import { markdownTable } from '../support/markdown.js';
import { spreadOf } from '../support/statistics.js';
import type { Row, Sample } from './contest.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Medians of all rounds, and how far the rates lie apart. */
export function rateTable(rows: readonly Row[]): string {
  const columns = ['', 'a second', 'least … most', 'CPU µs here', 'CPU µs of servers', 'load average'];
  return markdownTable(
    columns,
    rows.map(({ name, samples, load }) => {
      const { median, least, most } = spreadOf(samples.map(({ perSecond }) => perSecond));
      const cpu = (pick: (sample: Sample) => number) => spreadOf(samples.map(pick)).median.toFixed(1);
      return [
        name,
        whole(median),
        `${whole(least)} … ${whole(most)}`,
        cpu(({ cpuMicros }) => cpuMicros),
        cpu(({ serverCpuMicros }) => serverCpuMicros),
        load.map((value) => value.toFixed(1)).join(' … '),
      ];
    }),
  );
}

export const names = {
  foldStore: 'fold of balances from the store',
  foldMemory: 'JSON.parse and fold in memory',
  naive: 'one event a transaction',
  rawCopy: 'psql COPY of the usage rows alone',
  rebuild: 'rebuild of all read models',
  live: 'live projector, all read models',
  hotHolds: 'holds through Redis, 1 account, 256 at once',
} as const;

interface Target {
  readonly what: string;
  readonly limit: number;
  readonly measured: (rate: (name: string) => number) => number;
}

/** Of rates of one run; each must reach its limit. */
const targets: readonly Target[] = [
  { what: 'fold from the store, events/s', limit: 150_000, measured: (rate) => rate(names.foldStore) },
  {
    what: 'fold from the store / JSON.parse and fold',
    limit: 1 / 3,
    measured: (rate) => rate(names.foldStore) / rate(names.foldMemory),
  },
  {
    what: 'rebuild of all / psql COPY of the usage rows',
    limit: 1 / 3,
    measured: (rate) => rate(names.rebuild) / rate(names.rawCopy),
  },
  {
    what: 'rebuild of all / one event a transaction',
    limit: 50,
    measured: (rate) => rate(names.rebuild) / rate(names.naive),
  },
  {
    what: 'live projector / one event a transaction',
    limit: 20,
    measured: (rate) => rate(names.live) / rate(names.naive),
  },
  { what: 'holds on one account, a second', limit: 30_000, measured: (rate) => rate(names.hotHolds) },
];

/** What was not measured in this run is left out. */
export function targetTable(rows: readonly Row[]): string {
  const medians = new Map(
    rows.map(({ name, samples }) => [name, spreadOf(samples.map(({ perSecond }) => perSecond)).median]),
  );
  const cells = targets.flatMap(({ what, limit, measured }) => {
    const value = measured((name) => medians.get(name) ?? Number.NaN);
    if (Number.isNaN(value)) return [];
    return [[what, figure(limit), figure(value), value >= limit ? 'met' : 'MISSED']];
  });
  return cells.length === 0 ? '' : markdownTable(['target', 'at least', 'measured', ''], cells);
}

const figure = (value: number): string => (value < 1_000 ? value.toFixed(value < 10 ? 3 : 1) : whole(value));
