import { countOf, driftOf } from '../../books/verify/check.js';
import { verifyBooks } from '../../books/verify/verify-books.js';
import { toJson } from '../../support/json-text.js';
import type { TaskContext, TaskResult } from '../job.js';

/** In the outcome; the file has all that are kept. */
const MOST_DIFFERENCES = 50;

/** `counterfoil verify`: its JSON is the file. */
export async function runVerification({
  store,
  pool,
  cachedBalance,
  report,
}: TaskContext): Promise<TaskResult> {
  const verification = await verifyBooks({
    store,
    pool,
    cachedBalance,
    onProgress: ({ position, until }) => report({ done: position, total: until }),
  });
  const { position, head, behind, events, accounts, checks } = verification;
  const drift = driftOf(verification);
  return {
    outcome: {
      clean: drift === 0,
      drift,
      position: position.toString(),
      head: head.toString(),
      behind,
      events,
      accounts,
      checks: checks.map((check) => ({
        name: check.name,
        compared: check.compared,
        differences: countOf(check),
      })),
      differences: checks
        .flatMap((check) => check.differences.map((difference) => ({ check: check.name, ...difference })))
        .slice(0, MOST_DIFFERENCES),
    },
    file: {
      name: `verify-${position}.json`,
      mediaType: 'application/json; charset=utf-8',
      pieces: [toJson({ drift, ...verification })],
    },
  };
}
