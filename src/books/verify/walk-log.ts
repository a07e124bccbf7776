import { createHash } from 'node:crypto';
import { decodeEvent } from '../../domain/events/codec.js';
import { ledgerStream } from '../../domain/streams.js';
import {
  BEFORE_FIRST,
  type EventStore,
  type LogPage,
  type RecordedEvent,
} from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import { decodeRecorded } from '../../projections/runtime/decode-event.js';
import { faultOfEvents } from '../../projections/runtime/faults.js';
import type { LedgerEvent, Queryable } from '../../projections/runtime/projection.js';
import type { Fields, Finding } from './check.js';
import type { Fold } from './fold/fold.js';
import { Order } from './fold/order.js';
import type { SealCheck } from './seal-check.js';
import type { SignedCheck } from './signed-check.js';
import { type PageCheck, readStretch } from './page-checks.js';

const END_OF_LOG = 9_223_372_036_854_775_807n;
const EVENTS_OF_THE_LEDGER = 200n;

export interface WalkProgress {
  readonly position: bigint;
  readonly until: bigint;
  readonly events: number;
}

/** What is looked at on the way. */
interface WalkChecks {
  readonly pages: readonly PageCheck[];
  /** Without it the store is to look at seals. */
  readonly seals: SealCheck | undefined;
  readonly signed: SignedCheck | undefined;
}

/**
 * Checks and folds the log up to `until` page by page, and compares the rows that belong to one event each on the way. Answers the number
 * of events, and a digest of them all.
 */
export async function walkLog(
  tx: Queryable,
  store: EventStore,
  fold: Fold,
  { pages: checks, seals, signed }: WalkChecks,
  until: bigint,
  onProgress: (progress: WalkProgress) => void,
): Promise<{ readonly events: number; readonly digest: string }> {
  let events = 0;
  let position = BEFORE_FIRST;
  const digest = createHash('sha256');
  if (position >= until) return { events, digest: digest.digest('hex') };
  const order = new Order(fold.findings, store.positions, position, await givenUp(store));
  for await (const page of readLog(store, {
    after: position,
    until,
    withPassedOver: true,
    evenUnsealed: seals !== undefined,
  })) {
    const last = page.atEnd || page.position >= until;
    for (const event of page.events) {
      if (event.position > until) break;
      digest.update(lineOf(event));
      seals?.apply(event);
      await signed?.apply(event);
    }
    const found = decode(page, until, fold, order);
    const expected = found.map((event) => expectedRows(event, fold, checks));
    for (const [index, check] of checks.entries()) {
      const rows = await readStretch(tx, check, position, last ? END_OF_LOG : page.position);
      compareStretch(check.finding, found, (event) => expected[event]?.[index], rows);
    }
    events += found.length;
    if (page.atEnd && page.position < until) order.end(until);
    position = last ? until : page.position;
    onProgress({ position, until, events });
  }
  return { events, digest: digest.digest('hex') };
}

/** An event as the log has it; not its place, which a copy of the log need not keep. */
const lineOf = ({ stream, revision, type, data }: RecordedEvent): string =>
  `${stream}@${revision} ${type} ${JSON.stringify(data)}\n`;

/** Places at which nothing stands and nothing need stand: a person has said so. */
async function givenUp(store: EventStore): Promise<ReadonlySet<bigint>> {
  const places = new Set<bigint>();
  for (let from = 0n; ; from += EVENTS_OF_THE_LEDGER) {
    const page = await store.readStream(ledgerStream, { from, limit: Number(EVENTS_OF_THE_LEDGER) });
    for (const { type, data } of page) {
      const event = decodeEvent(type, data);
      if (event.type === 'event-skipped' && event.data.event === null) places.add(event.data.position);
    }
    if (page.length < EVENTS_OF_THE_LEDGER) return places;
  }
}

function decode(
  page: LogPage,
  until: bigint,
  { findings: { readable }, passedOver }: Fold,
  order: Order,
): readonly LedgerEvent[] {
  const events: LedgerEvent[] = [];
  for (const recorded of page.events) {
    if (recorded.position > until) break;
    order.apply(recorded);
    if (recorded.passedOver) {
      passedOver[recorded.passedOver] += 1;
      continue;
    }
    readable.compared += 1;
    try {
      events.push(decodeRecorded(recorded));
    } catch (error) {
      const reason = faultOfEvents(error) ?? 'it cannot be decoded';
      readable.differ(`${recorded.position}`, null, 'an event of the ledger', reason);
    }
  }
  return events;
}

function expectedRows(
  event: LedgerEvent,
  fold: Fold,
  checks: readonly PageCheck[],
): readonly (Fields | undefined)[] {
  const { inLedger, balanceAfter } = fold.apply(event);
  return inLedger ? checks.map((check) => check.expected(event, balanceAfter)) : [];
}

function compareStretch(
  finding: Finding,
  events: readonly LedgerEvent[],
  expectedOf: (index: number) => Fields | undefined,
  rows: Map<string, Fields>,
): void {
  for (const [index, event] of events.entries()) {
    const key = event.position.toString();
    const expected = expectedOf(index);
    const row = rows.get(key);
    rows.delete(key);
    const accountId = 'account_id' in event.data ? event.data.account_id : null;
    if (expected ?? row) finding.compare(key, accountId, expected, row);
  }
  for (const [key, row] of rows) finding.compare(key, row.account_id?.toString() ?? null, undefined, row);
}
