import type pg from 'pg';
import type { EventStore } from '../eventstore/event-store.js';
import type { Overview } from '../http/operators/overview.js';
import { allProjections } from '../projections/all-projections.js';
import { readLiability } from '../projections/balance/liability.js';
import { countOpenDoubts } from '../projections/doubt/query.js';
import { readStandings } from '../projections/runtime/standing.js';
import { readTrafficTotals } from '../projections/statistics/traffic-totals.js';
import { readResponseTimes } from '../projections/usage/response-times.js';
import { countUnseenAlerts } from '../stores/fired-alerts.js';
import { memo } from '../support/memo.js';

/** Today, a week and a month. */
const STRETCHES = [1, 7, 30];
const RESPONSE_TIMES_OF_MS = 24 * 3_600_000;
/** A sum over all balances: the more accounts there are, the less one more movement shows in it. */
const LIABILITY_MS = 5_000;

/** Figures of the tables and the log, for the first page that operators see. */
export function createOverview({
  pool,
  store,
  now,
}: {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly now: () => Date;
}): () => Promise<Overview> {
  const liability = memo(() => readLiability(pool), LIABILITY_MS);
  return async () => {
    const [traffic, responseTimes, owed, openAlerts, openDoubts, standings] = await Promise.all([
      readTrafficTotals(pool, STRETCHES, now()),
      readResponseTimes(pool, new Date(now().getTime() - RESPONSE_TIMES_OF_MS)),
      liability(),
      countUnseenAlerts(pool),
      countOpenDoubts(pool),
      readStandings({ pool, store }, allProjections(''), now),
    ]);
    return { traffic, responseTimes, liability: owed, openAlerts, openDoubts, standings };
  };
}
