import type { UsageInterval } from '../../../domain/usage/usage-question.js';

/** One value a bucket; null where there is no data: before the first event, or later than now. */
type Values = readonly (bigint | null)[];

interface Measures {
  readonly quota: Values;
  readonly requests: Values;
  readonly promptTokens: Values;
  readonly completionTokens: Values;
}

export interface UsageSeries extends Measures {
  readonly key: string;
  /** For people, as it is today. */
  readonly label: string;
}

export interface UsageView {
  /** In which the days begin. */
  readonly timezone: string;
  readonly interval: UsageInterval;
  /** Days, or the first instants of hours with their offset. */
  readonly buckets: readonly string[];
  /** The most expensive ones, those first. */
  readonly series: readonly UsageSeries[];
  /** What the rest of them come to together. */
  readonly other: Measures & { readonly keys: number };
  /** Of all buckets: series and other together. */
  readonly total: Readonly<Record<keyof Measures, bigint>>;
  /** Everything up to here is counted, nothing beyond. */
  readonly position: bigint;
  /** When that was all there was. */
  readonly asOf: Date;
}
