import { randomUUID } from 'node:crypto';
import { closeDays, type ClosingParts, keepTrees, lastDayOver } from '../books/liability/close-liability.js';
import { BooksDisagree } from '../books/audit/faults.js';
import { DEFAULT_TIMINGS } from '../commands/handling/timings.js';
import { commitLiability } from '../commands/liability/commit-liability.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import { repeat } from '../support/repeat.js';
import type { Foundation } from './ledger.js';
import type { Process } from './process.js';
import { ALERT_RECEIVERS } from './reactions.js';
import { transparencyParts } from './transparency.js';

/** What closings are made with. */
export function closingParts(
  parts: Pick<Foundation, 'config' | 'database' | 'keyring' | 'store'>,
): ClosingParts {
  const { pool, store, salts, now } = transparencyParts(parts);
  const dependencies = {
    store,
    guards: { raiseGuards: () => Promise.resolve() },
    newId: randomUUID,
    now,
    timings: DEFAULT_TIMINGS,
  };
  return {
    pool,
    store,
    salts,
    timeZone: parts.config.timezone,
    now,
    commit: async (committed) => void (await commitLiability(dependencies, committed, randomUUID())),
  };
}

const LOOK_EVERY_MS = 10_000;
/** What is not done by then is not said, and made again. */
const STOP_WITHIN_MS = 2_000;
const DISAGREES = 'liability';

/** Closes days that have ended, wherever there is a projector and it is wanted. It takes long where accounts are many, so nothing waits for it. */
export function openDayEnds(parts: Process): void {
  const { config, database, log, shutdown } = parts;
  if (!config.transparency.closesDays || config.transparency.mode === 'off') return;
  const { pool } = database;
  const alerts = new Alerts(pool, new PostgresOutbox(pool), ALERT_RECEIVERS);
  const endDays = createDayEnds(closingParts(parts), alerts);
  const stop = repeat(LOOK_EVERY_MS, async () => {
    await endDays().catch((error: unknown) =>
      log.error({ part: 'liability', err: error }, 'a day could not be closed; it is tried again'),
    );
    return LOOK_EVERY_MS;
  });
  shutdown.add('ends of days', stop, STOP_WITHIN_MS);
}

/** Closes each day soon after its end, and keeps what its balances are proved from. Not for two calls at once. */
export function createDayEnds(
  closing: ClosingParts,
  alerts: Pick<Alerts, 'raise' | 'resolve'>,
): () => Promise<void> {
  /** The last day of which nothing is left to be done. */
  let done: string | undefined;
  return async () => {
    if (done !== undefined && done >= lastDayOver(closing)) return;
    const closed = await closeDays(closing);
    if (closed === undefined) return;
    try {
      const kept = await keepTrees(closing, closed);
      // Another process is at them, or what they are made of is not there yet: looked at again.
      if (kept === 'busy' || kept === 'behind') return;
      await alerts.resolve(DISAGREES);
    } catch (error) {
      if (!(error instanceof BooksDisagree)) throw error;
      await alerts.raise({
        key: DISAGREES,
        kind: 'transparency-log',
        severity: 'critical',
        summary: `What was closed as of ${closed} is not what journal and log come to. See docs/proof.md.`,
        details: { reason: error.message },
      });
    }
    done = closed;
  };
}
