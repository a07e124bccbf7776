import type { components } from '../generated/api.ts';
import { QUOTA_PER_USD, roundedUsd } from '../format/money.ts';
import { count, shortCount } from '../format/numbers.ts';

export type Usage = components['schemas']['Usage'];
type Counted = Pick<Usage['series'][number], 'quota' | 'requests' | 'prompt_tokens' | 'completion_tokens'>;

export const measures = ['usd', 'requests', 'tokens'] as const;
const DAY_LENGTH = 'yyyy-mm-dd'.length;

export type Measure = (typeof measures)[number];

/** One colour of the chart: its name, and a value a bucket; null where nothing is known. */
export interface Line {
  readonly key: string;
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** So many series have a colour of their own; the rest is one. */
const COLOURS = 7;

const read: Readonly<Record<Measure, (counted: Counted, bucket: number) => number | null>> = {
  usd: ({ quota }, bucket) => {
    const known = quota[bucket] ?? null;
    return known === null ? null : known / QUOTA_PER_USD;
  },
  requests: ({ requests }, bucket) => requests[bucket] ?? null,
  tokens: ({ prompt_tokens, completion_tokens }, bucket) => {
    const read = prompt_tokens[bucket] ?? null;
    return read === null ? null : read + (completion_tokens[bucket] ?? 0);
  },
};

/** What the API added up beyond its series, if anything is. */
export const restOf = ({ other }: Usage): readonly NonNullable<Usage['other']>[] =>
  other && other.keys > 0 ? [other] : [];

/** The stack of a chart, in its order; what has no colour of its own is added up. */
export function linesOf(usage: Usage, measure: Measure, other: string): readonly Line[] {
  const at = read[measure];
  const values = (counted: Counted) => usage.buckets.map((_bucket, index) => at(counted, index));
  const named = usage.series
    .slice(0, COLOURS)
    .map((each) => ({ key: each.key, name: each.label, values: values(each) }));
  const rest = [...usage.series.slice(COLOURS), ...restOf(usage)].map(values);
  if (rest.length === 0) return named;
  const summed = usage.buckets.map((_bucket, index) => addUp(rest.map((each) => each[index] ?? null)));
  return [...named, { key: '', name: other, values: summed }];
}

/** Null only where nothing at all is known. */
export function addUp(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

/** A value as it stands in the table of a chart. */
export const valueText = (value: number | null, measure: Measure): string =>
  value === null ? '–' : measure === 'usd' ? roundedUsd(value) : count(value);

/** A value as it stands at the axis. */
export const axisText = (value: number, measure: Measure): string =>
  measure !== 'usd'
    ? shortCount(value)
    : value === 0
      ? '$0'
      : value < 1000
        ? roundedUsd(value)
        : `$${shortCount(value)}`;

/** `11-28` of a day, `14:00` of an hour. */
export const bucketText = (bucket: string, interval: Usage['interval']): string =>
  interval === 'day' ? bucket.slice(5) : bucket.slice(11, 16);

/** The first and last day of a chart; of hours too, whose buckets begin with their day. */
export function daysOf(usage: Usage | undefined): { readonly from: string; readonly to: string } | undefined {
  const [from, to] = [usage?.buckets[0], usage?.buckets.at(-1)].map((bucket) => bucket?.slice(0, DAY_LENGTH));
  return from === undefined || to === undefined ? undefined : { from, to };
}
