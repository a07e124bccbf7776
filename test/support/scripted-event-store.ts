import {
  type AppendOutcome,
  type EventStore,
  EventStoreUnavailable,
  type StreamWrite,
} from '../../src/eventstore/event-store.js';

/**
 * What goes wrong at an append: nothing; the answer is lost after or before it was stored; it is stored later than the one after it; the
 * store is away; a conflict with nothing in the way; only the first write is stored (a store that keeps each write apart); a read fails.
 */
export const faults = [
  'none',
  'unknown-stored',
  'unknown-lost',
  'unknown-late',
  'unavailable',
  'conflict',
  'unknown-partly',
  'unavailable-read',
] as const;
export type Fault = (typeof faults)[number];

/** Meets one fault of the script at each append (reads take those that are theirs); works well once the script is played. */
export function createScriptedEventStore(store: EventStore, script: readonly Fault[]): EventStore {
  const left = [...script];
  const late: (readonly StreamWrite[])[] = [];
  const lost = (): AppendOutcome => ({ outcome: 'unknown', cause: new Error('the answer was lost') });

  async function meet(fault: Fault, writes: readonly StreamWrite[]): Promise<AppendOutcome> {
    switch (fault) {
      case 'unknown-stored':
        await store.append(writes);
        return lost();
      case 'unknown-lost':
        return lost();
      case 'unknown-late':
        late.push(writes);
        return lost();
      case 'unknown-partly':
        await store.append(writes.slice(0, 1));
        return lost();
      case 'unavailable':
        return { outcome: 'unavailable', cause: new EventStoreUnavailable('away') };
      case 'conflict':
        return { outcome: 'conflict', stream: writes[0]?.stream ?? '', actual: 'no-stream' };
      case 'none':
      case 'unavailable-read':
        return store.append(writes);
    }
  }

  return {
    atomicity: 'each-write',
    positions: 'gap-free',
    append: async (writes) => {
      const overdue = late.splice(0);
      const outcome = await meet(left.shift() ?? 'none', writes);
      for (const batch of overdue) await store.append(batch);
      return outcome;
    },
    readStream: (stream, options) => {
      if (left[0] !== 'unavailable-read') return store.readStream(stream, options);
      left.shift();
      return Promise.reject(new EventStoreUnavailable('away'));
    },
    readAll: (options) => store.readAll(options),
    head: () => store.head(),
    subscribe: (onAppend) => store.subscribe(onAppend),
    reaches: (position) => store.reaches(position),
    checkHealth: () => store.checkHealth(),
    close: () => store.close(),
  };
}
