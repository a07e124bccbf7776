import { decodeEvent } from '../../domain/events/catalogue.js';
import type { LogPage, RecordedEvent } from '../../eventstore/event-store.js';
import type { BatchWithRejects } from './apply-batch.js';
import { faultOfEvents, type Poison, poison } from './faults.js';
import type { LedgerEvent } from './projection.js';

/** A recorded event as the domain knows it. @throws UnreadableEvent */
export function decodeRecorded(recorded: RecordedEvent): LedgerEvent {
  const { id, stream, revision, position, recordedAt } = recorded;
  const { type, data } = decodeEvent(recorded.type, recorded.data);
  return { type, data, id, stream, revision, position, recordedAt, storedType: recorded.type } as LedgerEvent;
}

/**
 * A page as a batch. With `onUnreadable: 'stop'` the batch ends before the first unreadable event, which is answered as `poison`;
 * with `'quarantine'` such events are among the batch's rejects.
 */
export function decodePage(
  page: LogPage,
  after: bigint,
  onUnreadable: 'stop' | 'quarantine',
): { readonly batch: BatchWithRejects; readonly poison: Poison | undefined } {
  const events: LedgerEvent[] = [];
  const rejects: Poison[] = [];
  for (const recorded of page.events) {
    try {
      events.push(decodeRecorded(recorded));
    } catch (error) {
      const found = poison(recorded, faultOfEvents(error) ?? 'it cannot be decoded');
      if (onUnreadable === 'stop') {
        return { batch: { after, position: events.at(-1)?.position ?? after, events }, poison: found };
      }
      rejects.push(found);
    }
  }
  return { batch: { after, position: page.position, events, rejects }, poison: undefined };
}
