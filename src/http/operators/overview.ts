import type { Liability } from '../../projections/balance/liability.js';
import type { Standing } from '../../projections/runtime/standing.js';
import type { TrafficTotals } from '../../projections/statistics/traffic-totals.js';
import type { ResponseTimes } from '../../projections/usage/response-times.js';

/** What an operator sees first. */
export interface Overview {
  /** Undefined while the tables are being made. */
  readonly traffic: TrafficTotals | undefined;
  /** Undefined: nothing was answered lately. */
  readonly responseTimes: ResponseTimes | undefined;
  readonly liability: Liability | undefined;
  readonly openAlerts: number;
  readonly openDoubts: number;
  readonly standings: readonly Standing[];
}
