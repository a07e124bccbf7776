import { type Measure, measures } from './series.ts';

export type GroupBy = 'model' | 'key' | 'user' | 'channel' | 'group' | 'none';

/** What stands in the address of the page. */
export interface UsageSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly interval?: 'hour' | 'day' | undefined;
  readonly group_by?: GroupBy | undefined;
  readonly measure?: Measure | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((each) => each === value);
const dayOf = (value: unknown) => (typeof value === 'string' && DAY.test(value) ? value : undefined);

/** @param groups by which this console may part the figures */
export const readUsageSearch =
  (groups: readonly GroupBy[]) =>
  (search: Record<string, unknown>): UsageSearch => ({
    from: dayOf(search.from),
    to: dayOf(search.to),
    interval: oneOf(['hour', 'day'], search.interval),
    group_by: oneOf(groups, search.group_by),
    measure: oneOf(measures, search.measure),
  });
