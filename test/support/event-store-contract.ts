import { describe } from '@jest/globals';
import { describeAppends } from './event-store-contract/appends.js';
import { describeDoorbellAndEnds } from './event-store-contract/doorbell.js';
import { describeReads } from './event-store-contract/reads.js';
import { describeRepeats } from './event-store-contract/repeats.js';
import { useStore, type EventStoreFactory } from './event-store-contract/setup.js';
import { describeWholeLog } from './event-store-contract/whole-log.js';

export type { EventStoreFactory } from './event-store-contract/setup.js';

/**
 * The contract of the EventStore port, for every adapter. It leaves a shared real server usable: all stream names are new,
 * nothing is deleted, and events of others in the log are tolerated.
 *
 * @param factory opens a store; called once for the suite, `close` afterwards
 */
export function describeEventStore(name: string, factory: EventStoreFactory): void {
  describe(`event store contract: ${name}`, () => {
    const under = useStore(factory);
    describeAppends(under);
    describeRepeats(under);
    describeReads(under);
    describeWholeLog(under);
    describeDoorbellAndEnds(under);
  });
}
