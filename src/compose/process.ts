import { TablesInDoubt } from '../commands/ledger/tables-guard.js';
import { type HealthCheck, reachable } from './health.js';
import type { Ledger } from './ledger.js';
import { createMetrics, type Metrics } from './metrics.js';

/** A ledger that runs: whoever is opened on it adds figures, and what must be well for it. */
export interface Process extends Ledger {
  readonly metrics: Metrics;
  /** What /readyz asks. */
  readonly health: HealthCheck[];
}

const inDoubt = (error: unknown): string => {
  if (error instanceof TablesInDoubt) return error.message;
  throw error;
};

export function openProcess(ledger: Ledger): Process {
  const { store, guard, database, cache, foreignEvents, log, tables } = ledger;
  // A log that is away, and a log that is there and another one, need different hands.
  const why = (error: unknown) => {
    if (guard.doubt) return guard.doubt.message;
    throw error;
  };
  const metrics = createMetrics(log);
  metrics.gauge(
    'wrong_log',
    '1 while the log is not the one of this ledger, or not as it was.',
    () => (guard.doubt ? 1 : 0),
    'max',
  );
  metrics.gauge(
    'foreign_events',
    'Events in the log that are none of this ledger, met and gone past since the start.',
    foreignEvents,
    'max',
  );
  return {
    ...ledger,
    metrics,
    health: [
      { part: 'event store', ask: () => store.checkHealth().then(() => undefined, why) },
      reachable('database', () => database.pool.query('SELECT 1')),
      { part: 'read models', ask: () => tables.assertRight().then(() => undefined, inDoubt) },
      reachable('cached balance', () => cache.checkHealth()),
    ],
  };
}
