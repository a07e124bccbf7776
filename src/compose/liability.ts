import { randomUUID } from 'node:crypto';
import { closeDays, type ClosingParts, keepTrees } from '../books/liability/close-liability.js';
import { BooksDisagree } from '../books/audit/faults.js';
import { DEFAULT_TIMINGS } from '../commands/handling/timings.js';
import { commitLiability } from '../commands/liability/commit-liability.js';
import { Alerts } from '../reactions/alerts/alerts.js';
import { PostgresOutbox } from '../reactions/outbox/postgres-outbox.js';
import type { Foundation } from './ledger.js';
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

const DISAGREES = 'liability';
const DAY_MS = 86_400_000;

/** What is done about days that have ended; undefined where none is closed. */
export function dayEnds(
  parts: Pick<Foundation, 'config' | 'database' | 'keyring' | 'store'>,
): (() => Promise<void>) | undefined {
  if (!parts.config.transparency.closesDays) return undefined;
  const { pool } = parts.database;
  return createDayEnds(closingParts(parts), new Alerts(pool, new PostgresOutbox(pool), ALERT_RECEIVERS));
}

/** Closes each day soon after its end, and keeps what its balances are proved from. Not for two calls at once. */
export function createDayEnds(
  closing: ClosingParts,
  alerts: Pick<Alerts, 'raise' | 'resolve'>,
): () => Promise<void> {
  /** The last day of which nothing is left to be done. */
  let done: string | undefined;
  return async () => {
    const yesterday = new Date(closing.now().getTime() - DAY_MS).toLocaleDateString('sv', {
      timeZone: closing.timeZone,
    });
    if (done !== undefined && done >= yesterday) return;
    const closed = await closeDays(closing);
    if (closed === undefined) return;
    try {
      await keepTrees(closing);
      await alerts.resolve(DISAGREES);
    } catch (error) {
      if (!(error instanceof BooksDisagree)) throw error;
      await alerts.raise({
        key: DISAGREES,
        kind: 'transparency-log',
        severity: 'critical',
        summary: `What was owed is not what was signed: ${error.message}. See docs/proof.md.`,
        details: { reason: error.message },
      });
    }
    done = closed;
  };
}
