import { expect } from '@jest/globals';
import type { EventOf, EventType } from '../../../src/domain/events/catalogue.js';
import { decodeEvent } from '../../../src/domain/events/codec.js';
import { typeOfStored } from '../../../src/domain/events/versions.js';
import { BEFORE_FIRST, type EventStore } from '../../../src/eventstore/event-store.js';
import { openRedisCachedBalance } from '../../../src/balance/redis/redis-cached-balance.js';
import { verifyBooks } from '../../../src/books/verify/verify-books.js';
import { eventually } from '../../support/eventually.js';
import type { CallResult } from './clients.js';
import type { Deployment } from './deployment.js';
import type { RecordingUpstream } from './upstream.js';

/** All events of a type in the log, in order. */
export async function eventsOfType<Type extends EventType>(
  store: EventStore,
  wanted: Type,
): Promise<EventOf<Type>['data'][]> {
  const found: EventOf<Type>['data'][] = [];
  for (let after = BEFORE_FIRST; ;) {
    const page = await store.readAll({ after, limit: 1_000 });
    for (const { type, data } of page.events) {
      if (typeOfStored(type) === wanted) found.push(decodeEvent(type, data).data as EventOf<Type>['data']);
    }
    if (page.atEnd) return found;
    after = page.position;
  }
}

/**
 * Compares the log with what the clients got and with what upstream served: every completed answer has exactly one charge, no call
 * has two, and none is charged that upstream did not serve. A process that stood still for longer than a lease is taken for dead, and what
 * it charges afterwards corrects what it was taken for. Answers the sum of all charges, quota.
 */
export async function expectOneChargeEach(
  store: EventStore,
  results: readonly CallResult[],
  upstream: Pick<RecordingUpstream, 'served'>,
): Promise<bigint> {
  const recorded = await eventsOfType(store, 'consumption-recorded');
  const abandoned = await eventsOfType(store, 'call-abandoned');
  const corrections = await eventsOfType(store, 'consumption-corrected');
  const corrected = new Set(corrections.map(({ call_id }) => call_id));
  expect(corrected.size).toBe(corrections.length);
  const taken = abandoned.filter(({ call_id }) => corrected.has(call_id));
  expect(taken).toHaveLength(corrections.length);
  const charged = countBy([...recorded, ...taken], ({ request_id }) => request_id);
  const wrong = results
    .filter(({ completed }) => completed)
    .filter(({ requestId }) => charged.get(requestId) !== 1);
  expect(wrong.map(({ requestId }) => `${requestId}: ${charged.get(requestId) ?? 0} charges`)).toEqual([]);

  const ended = [...recorded, ...abandoned];
  const endings = [...countBy(ended, ({ request_id }) => request_id)].filter(([, count]) => count > 1);
  expect(endings).toEqual([]);
  const ours = new Set(results.map(({ requestId }) => requestId));
  const unserved = recorded.filter(({ upstream_request_id, request_id }) => {
    const asked = upstream.served.get(upstream_request_id ?? '');
    return asked === undefined || (ours.has(request_id) && asked !== request_id);
  });
  expect(unserved).toEqual([]);
  expect(countBy(recorded, ({ upstream_request_id }) => upstream_request_id ?? '').size).toBe(
    recorded.length,
  );
  const asked = new Set(upstream.served.values());
  expect(abandoned.filter(({ quota, request_id }) => quota > 0n && !asked.has(request_id))).toEqual([]);
  const sum = (quotas: readonly bigint[]) => quotas.reduce((total, quota) => total + quota, 0n);
  return sum(ended.map(({ quota }) => quota)) + sum(corrections.map(({ difference }) => difference));
}

/** Folds the log and compares it with every read model and, where it is in Redis, with the cache: drift 0, up to the log's end. */
export async function expectBooksInOrder({
  store,
  database,
  redisUrl,
}: Pick<Deployment, 'store' | 'database' | 'redisUrl'>): Promise<void> {
  const cachedBalance =
    redisUrl === undefined
      ? undefined
      : await openRedisCachedBalance({ url: redisUrl, isLedgerEmpty: () => Promise.resolve(false) });
  try {
    const head = await store.head();
    const verification = await eventually(async () => {
      const verified = await verifyBooks({ store, pool: database.pool, cachedBalance });
      return verified.position >= head && verified;
    });
    const drift = verification.checks.filter(({ differences }) => differences.length > 0);
    expect(drift).toEqual([]);
    expect(verification.checks.reduce((sum, { compared }) => sum + compared, 0)).toBeGreaterThan(0);
  } finally {
    await cachedBalance?.close();
  }
}

function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
