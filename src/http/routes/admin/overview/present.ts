import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { Job } from '../../../../jobs/job.js';
import type { Overview } from '../../../operators/overview.js';
import { unready } from '../../../usage/schema.js';
import { seconds } from '../paging.js';

export const presentLag = (standings: Overview['standings']) =>
  standings.map(({ group, position, lagPositions, lagSeconds }) => ({
    group,
    position: position?.toString() ?? null,
    behind_positions: lagPositions?.toString() ?? null,
    behind_seconds: lagSeconds ?? null,
  }));

/** Never rounded up: whatever failed, it is not all that was asked for. */
function successPercent(requests: number, failed: number): number | null {
  const all = requests + failed;
  return all === 0 ? null : Math.floor((10_000 * requests) / all) / 100;
}

/** Throws 503 `not_ready` while the tables are being made. */
export function presentOverview(overview: Overview) {
  const { traffic, responseTimes, liability, openAlerts, openDoubts, standings } = overview;
  if (!traffic || !liability) throw unready();
  return {
    timezone: traffic.timezone,
    traffic: traffic.totals.map(({ days, from, quota, requests, failed }) => ({
      days,
      from,
      quota,
      usd: usdOfQuota(quota),
      requests,
      failed,
      success_percent: successPercent(requests, failed),
    })),
    response_times: responseTimes
      ? {
          calls: responseTimes.calls,
          since: seconds(responseTimes.since),
          p50_ms: responseTimes.p50Ms,
          p95_ms: responseTimes.p95Ms,
        }
      : null,
    liability: {
      quota: liability.quota,
      usd: usdOfQuota(liability.quota),
      overdrawn_quota: liability.overdrawn,
      accounts: liability.accounts,
      position: liability.position.toString(),
    },
    open_alerts: openAlerts,
    open_doubts: openDoubts,
    lag: presentLag(standings),
  };
}

/** Of a job that verified the books to their end. */
export const presentVerification = ({ id, outcome, createdAt, endedAt, startedBy }: Job) => ({
  job_id: id,
  clean: outcome?.['clean'] === true,
  drift: Number(outcome?.['drift']),
  position: String(outcome?.['position']),
  events: Number(outcome?.['events']),
  at: seconds(endedAt ?? createdAt),
  by: startedBy,
});
