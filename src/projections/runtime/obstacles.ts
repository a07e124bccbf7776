import type pg from 'pg';
import type { EventStore, LogPage, RecordedEvent } from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import { isOfOthers } from '../../eventstore/sieve.js';
import { altered, missingPlaces, notSealed, wrongLogIn } from '../../eventstore/wrong-log.js';
import { applyResolutely } from './apply-resolutely.js';
import { applyWithin } from './apply-batch.js';
import { decodeForTables } from './decode-event.js';
import { faultOfEvents, PoisonEvent } from './faults.js';
import type { Projection } from './projection.js';
import { readDecodedPage } from './read-decoded.js';

/** A place of the log that the ledger cannot go past. */
export interface Obstacle {
  readonly position: bigint;
  /** What stands there; undefined where nothing does, though something must. */
  readonly event: RecordedEvent | undefined;
  readonly reason: string;
}

/** What of a log is looked at: the ledger's own streams, in the log as it is. */
interface LookedAt {
  readonly store: Pick<EventStore, 'readAll' | 'head' | 'positions'>;
  readonly isOurs: (stream: string) => boolean;
  /** What is wrong with the seal of an event, where seals are looked at. */
  readonly sealFault?: (event: RecordedEvent) => string | undefined;
}

/** From a place that there is in the log, exclusive, to another or the end. */
interface Stretch {
  readonly after: bigint;
  readonly until?: bigint;
}

/** What stands in the way: events of ours that cannot be read, and places at which events are missing or said to be gone. */
export async function obstaclesIn(
  looked: LookedAt,
  { after, ...stretch }: Stretch,
): Promise<readonly Obstacle[]> {
  const { store } = looked;
  const found: Obstacle[] = [];
  let from = after;
  for await (const page of readLog(store, { after, ...stretch })) {
    found.push(...obstaclesOf(page, from, looked));
    from = page.position;
  }
  return found;
}

/** The event at a position, whoever's it is. */
export async function eventAt(
  store: Pick<EventStore, 'readAll'>,
  position: bigint,
  after: bigint,
): Promise<RecordedEvent | undefined> {
  for await (const { events } of readLog(store, { after, until: position })) {
    const found = events.find((event) => event.position === position);
    if (found) return found;
  }
  return undefined;
}

/**
 * The event that the live tables cannot take, though it can be read, if that is what comes next after them: applies what comes, and takes it
 * back.
 */
export async function inapplicable(
  pool: pg.Pool,
  store: EventStore,
  { projections, after }: { readonly projections: readonly Projection[]; readonly after: bigint },
): Promise<Obstacle | undefined> {
  const page = await readDecodedPage(store, { after, limit: TRIED_EVENTS, onUnreadable: 'stop' }).catch(
    (error: unknown) => {
      // What is missing there is an obstacle of its own.
      if (wrongLogIn(error)) return undefined;
      throw error;
    },
  );
  if (!page) return undefined;
  const tx = await pool.connect();
  try {
    await tx.query('BEGIN');
    await applyResolutely(
      page.batch,
      async (part) => {
        await tx.query('SAVEPOINT part');
        await applyWithin(tx, projections, part, 'live').catch(async (error: unknown) => {
          await tx.query('ROLLBACK TO SAVEPOINT part');
          throw error;
        });
      },
      'stop',
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof PoisonEvent)) throw error;
    const { position, stream, revision, reason } = error.poison;
    const [event] = await store.readStream(stream, { from: revision, limit: 1 });
    return { position, event, reason };
  } finally {
    await tx.query('ROLLBACK').catch(() => undefined);
    tx.release();
  }
}

const TRIED_EVENTS = 1_000;

function obstaclesOf(
  page: LogPage,
  after: bigint,
  { store: { positions }, isOurs, sealFault }: LookedAt,
): readonly Obstacle[] {
  const found: Obstacle[] = [];
  let next = after + 1n;
  for (const event of page.events) {
    if (positions === 'gap-free')
      for (; next < event.position; next++)
        found.push({ position: next, event: undefined, reason: missingPlaces(next, 1n).message });
    next = event.position + 1n;
    if (isOfOthers(event, { positions, isOurs, sealFault })) continue;
    const reason = whyUnsealed(event, sealFault) ?? whyUnreadable(event);
    if (reason !== undefined) found.push({ position: event.position, event, reason });
  }
  for (const { stream, position, how } of page.taken ?? [])
    if (isOurs(stream)) found.push({ position, event: undefined, reason: altered(stream, how).message });
  return found;
}

function whyUnsealed(event: RecordedEvent, sealFault: LookedAt['sealFault']): string | undefined {
  const found = sealFault?.(event);
  return found === undefined ? undefined : notSealed(event, found).message;
}

function whyUnreadable(event: RecordedEvent): string | undefined {
  try {
    decodeForTables(event);
    return undefined;
  } catch (error) {
    return faultOfEvents(error) ?? 'it cannot be decoded';
  }
}
