import { ledgerDecider } from '../../domain/ledger/decide.js';
import { isOwnStream, ledgerStream } from '../../domain/streams.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { guardedEventStore } from '../../eventstore/guarded-event-store.js';
import { type Skip, SkippedPlaces } from '../../eventstore/skipped-places.js';
import { load } from '../handling/load.js';

/**
 * A log as the ledger reads it, for who knows whose it is and doubts nothing: without what is somebody else's, and without what a person
 * said nothing is to be made of.
 */
export const withOwnEvents = (store: EventStore, skipped: Iterable<Skip>): EventStore =>
  guardedEventStore(
    store,
    {
      doubt: undefined,
      saw: () => undefined,
      skipped: new SkippedPlaces(skipped),
      distrust: () => undefined,
    },
    { isOurs: isOwnStream },
  );

/** The same of a log that says itself what was skipped in it. @throws EventStoreUnavailable, UnreadableEvent */
export async function asLedgerReads(store: EventStore): Promise<EventStore> {
  const { state } = await load(store, ledgerStream, ledgerDecider);
  return withOwnEvents(store, state?.skipped ?? []);
}
