import { decodeEvent } from '../../domain/events/codec.js';
import { type CommittedLiability, isDay } from '../../domain/liability/state.js';
import { liabilityStream } from '../../domain/streams.js';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.js';
import { SIDES, type Totals } from '../../transparency/liability/sum-tables.js';
import { sumNode, sumOf } from '../../transparency/liability/sum-tree.js';

/** What the log says was owed as of a day or an instant, and the event that says so. */
export interface Commitment extends CommittedLiability {
  readonly event: RecordedEvent;
}

type Reads = Pick<EventStore, 'readStream'>;
const A_PAGE = 100;
const HASH_BYTES = 32;

/** All of them, the newest first. */
export async function* commitments(store: Reads): AsyncGenerator<Commitment> {
  for (let from: bigint | undefined; ;) {
    const place = from === undefined ? {} : { from };
    const page = await store.readStream(liabilityStream, { ...place, direction: 'backwards', limit: A_PAGE });
    for (const event of page) {
      if (event.passedOver) continue;
      const { type, data } = decodeEvent(event.type, event.data);
      if (type === 'liability-committed') yield { ...data, event };
    }
    const oldest = page.at(-1);
    if (!oldest || oldest.revision === 0n) return;
    from = oldest.revision - 1n;
  }
}

/** @param asOf default: whatever is the newest */
export async function findCommitment(store: Reads, asOf?: string): Promise<Commitment | undefined> {
  for await (const commitment of commitments(store))
    if (asOf === undefined || commitment.as_of === asOf) return commitment;
  return undefined;
}

/** The last day that was closed; undefined before the first. */
export async function lastClosedDay(store: Reads): Promise<string | undefined> {
  for await (const { as_of: asOf } of commitments(store)) if (isDay(asOf)) return asOf;
  return undefined;
}

/** What trees come to, as an event says it. */
export const committedTotals = (totals: Totals): Pick<CommittedLiability, 'owed' | 'overdrawn'> => {
  const said = ({ root, accounts }: Totals['owed']) => ({
    root: root.toString('base64', 0, HASH_BYTES),
    quota: sumOf(root),
    accounts,
  });
  return { owed: said(totals.owed), overdrawn: said(totals.overdrawn) };
};

/** Whether trees come to what the log says. */
export const isAsCommitted = (totals: Totals, commitment: CommittedLiability): boolean =>
  SIDES.every((side) => {
    const { root, quota, accounts } = commitment[side];
    const said = sumNode(Buffer.from(root, 'base64'), quota);
    return accounts === totals[side].accounts && said.equals(totals[side].root);
  });
