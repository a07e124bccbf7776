import { type Check, countOf, driftOf } from '../../books/verify/check.js';
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
  seals,
  signed,
  report,
  onVerified,
}: TaskContext): Promise<TaskResult> {
  const verification = await verifyBooks({
    store,
    pool,
    cachedBalance,
    seals: seals?.(),
    signed: await signed?.(),
    onProgress: ({ position, until }) => report({ done: position, total: until }),
  });
  const { position, head, behind, events, passedOver, accounts, digest, sums, checks } = verification;
  const drift = driftOf(verification);
  await onVerified({ drift, position });
  return {
    outcome: {
      clean: drift === 0,
      drift,
      position: position.toString(),
      head: head.toString(),
      behind,
      events,
      passed_over: passedOver,
      accounts,
      // As far as differences are kept.
      accounts_differing: new Set(differencesOf(checks).flatMap(({ accountId }) => accountId ?? [])).size,
      digest,
      // Amounts beyond what a JSON number can hold.
      sums: sums.map(({ name, events: ofEvents, tables }) => ({
        name,
        events: ofEvents.toString(),
        tables: tables.toString(),
      })),
      checks: checks.map((check) => ({
        name: check.name,
        compared: check.compared,
        differences: countOf(check),
      })),
      differences: differencesOf(checks).slice(0, MOST_DIFFERENCES),
    },
    file: {
      name: `verify-${position}.json`,
      mediaType: 'application/json; charset=utf-8',
      pieces: [toJson({ drift, ...verification })],
    },
  };
}

const differencesOf = (checks: readonly Check[]) =>
  checks.flatMap((check) => check.differences.map((difference) => ({ check: check.name, ...difference })));
