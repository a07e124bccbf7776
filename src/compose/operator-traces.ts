import { createOperatorTraces } from '../stores/operator-traces.js';
import { repeat } from '../support/repeat.js';
import type { Foundation } from './ledger.js';

const PURGE_EVERY_MS = 3_600_000;

/** Forgets the traces of operators that are older than they are kept. */
export function keepTraces({
  database,
  log,
  shutdown,
}: Pick<Foundation, 'database' | 'log' | 'shutdown'>): void {
  const traces = createOperatorTraces(database.pool);
  const stop = repeat(PURGE_EVERY_MS, async () => {
    await traces
      .purge(new Date())
      .catch((error: unknown) => log.warn({ err: error }, 'old traces of operators could not be purged'));
    return PURGE_EVERY_MS;
  });
  shutdown.add('purge of old traces', stop);
}
