import { type HealthCheck, reachable } from './health.js';
import type { Ledger } from './ledger.js';
import { createMetrics, type Metrics } from './metrics.js';

/** A ledger that runs: whoever is opened on it adds figures, and what must be well for it. */
export interface Process extends Ledger {
  readonly metrics: Metrics;
  /** What /readyz asks. */
  readonly health: HealthCheck[];
}

export function openProcess(ledger: Ledger): Process {
  const { store, database, cache, log } = ledger;
  return {
    ...ledger,
    metrics: createMetrics(log),
    health: [
      reachable('event store', () => store.checkHealth()),
      reachable('database', () => database.pool.query('SELECT 1')),
      reachable('cached balance', () => cache.checkHealth()),
    ],
  };
}
