import type { DomainEvent } from '../../domain/events/catalogue.js';
import { decodeEvent } from '../../domain/events/codec.js';
import { typeOfStored } from '../../domain/events/versions.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import { readCheckpoints } from './checkpoints.js';
import type { Projection, Queryable } from './projection.js';

/**
 * What is not missed however far the tables of a projection are behind: what its tables know, and events of a type that came after them, which
 * without tables is all of the log.
 */
export async function* withWhatIsBehind<Found>(
  { db, store }: { readonly db: Queryable; readonly store: Pick<EventStore, 'readAll'> },
  { name }: Pick<Projection, 'name'>,
  known: () => Promise<readonly Found[]>,
  later: { readonly type: DomainEvent['type']; readonly found: (event: DomainEvent) => readonly Found[] },
): AsyncGenerator<Found> {
  const [checkpoint] = await readCheckpoints(db, [name], 'live');
  // Read after the checkpoint: the tables have at least what is up to there.
  if (checkpoint) yield* await known();
  for await (const { events } of readLog(store, { after: checkpoint?.position ?? -1n }))
    for (const { type, data } of events)
      if (typeOfStored(type) === later.type) yield* later.found(decodeEvent(type, data));
}
