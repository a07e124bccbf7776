import { ledgerDecider } from '../../domain/ledger/decide.js';
import { isOwnStream, ledgerStream } from '../../domain/streams.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { guardedEventStore } from '../../eventstore/guarded-event-store.js';
import type { Sealing, Seals } from '../../eventstore/seals.js';
import { type Skip, SkippedPlaces } from '../../eventstore/skipped-places.js';
import { readSealings } from './sealings.js';
import { load } from '../handling/load.js';

/**
 * A log as the ledger reads it, for who knows whose it is and doubts nothing: without what is somebody else's, and without what a person
 * said nothing is to be made of.
 */
export const withOwnEvents = (
  store: EventStore,
  { skipped, sealings }: { readonly skipped: Iterable<Skip>; readonly sealings: readonly Sealing[] },
  seals: Seals | undefined,
): EventStore =>
  guardedEventStore(
    store,
    {
      doubt: undefined,
      saw: () => undefined,
      skipped: new SkippedPlaces(skipped),
      sealFault: (event) => seals?.faultOf(event, sealings),
      distrust: () => undefined,
    },
    { isOurs: isOwnStream },
  );

/** The same of a log that says itself what was skipped in it. @throws EventStoreUnavailable, UnreadableEvent, WrongLog */
export async function asLedgerReads(store: EventStore, seals: Seals | undefined): Promise<EventStore> {
  const { state } = await load(store, ledgerStream, ledgerDecider);
  const sealings = await readSealings(store, seals);
  return withOwnEvents(store, { skipped: state?.skipped ?? [], sealings }, seals);
}
