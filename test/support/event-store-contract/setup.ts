import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import type {
  AppendOutcome,
  EventData,
  EventStore,
  ExpectedRevision,
  JsonObject,
} from '../../../src/eventstore/event-store.js';

interface EventStoreUnderTest {
  readonly store: EventStore;
  /** A second client on the same log; the suite closes it. */
  another(): Promise<EventStore>;
  close(): Promise<void>;
}

export type EventStoreFactory = () => Promise<EventStoreUnderTest>;

/** What the parts of the suite are given: the store exists only once the tests run. */
export interface Under {
  readonly store: EventStore;
  another(): Promise<EventStore>;
}

export function useStore(factory: EventStoreFactory): Under {
  let opened: EventStoreUnderTest | undefined;
  const get = (): EventStoreUnderTest => {
    if (opened === undefined) throw new Error('the event store under test was not opened');
    return opened;
  };
  beforeAll(async () => {
    opened = await factory();
  });
  afterAll(async () => {
    await opened?.close();
  });
  return {
    get store() {
      return get().store;
    },
    another: () => get().another(),
  };
}

/** A name no other run has used. */
export function newStream(): string {
  return `contract-${randomUUID()}`;
}

export function event(data: JsonObject = {}, metadata: JsonObject = {}): EventData {
  return { id: randomUUID(), type: 'contract-tested.v1', data, metadata };
}

export function events(count: number): EventData[] {
  return Array.from({ length: count }, (_, index) => event({ number: index }));
}

/** Appends to one stream and insists that it worked. */
export async function appended(
  store: EventStore,
  stream: string,
  expected: ExpectedRevision,
  batch: readonly EventData[],
): Promise<Extract<AppendOutcome, { outcome: 'appended' }>> {
  const outcome = await store.append([{ stream, expected, events: batch }]);
  if (outcome.outcome !== 'appended') throw new Error(`expected appended, got ${outcome.outcome}`);
  return outcome;
}
