import type { Decider } from '../../domain/decider.js';
import { decodeEvent, UnreadableEvent } from '../../domain/events/codec.js';
import type { EventStore, ExpectedRevision, RecordedEvent } from '../../eventstore/event-store.js';

/** A stream as a decision sees it. */
export interface Loaded<State> {
  readonly stream: string;
  readonly state: State;
  readonly expected: ExpectedRevision;
  /** Log position of each event; `[]` for a stream that does not exist. */
  readonly positions: readonly bigint[];
  readonly lastRecordedAt: Date | undefined;
}

const PAGE = 200;

/** As of a stream that does not exist, without asking: what is appended to it is a conflict where it does. */
export const supposedNew = <State>(
  stream: string,
  decider: Pick<Decider<State, never, never>, 'initialState'>,
): Loaded<State> => ({
  stream,
  state: decider.initialState(),
  expected: 'no-stream',
  positions: [],
  lastRecordedAt: undefined,
});

/** Reads and folds a whole stream. Rejects with EventStoreUnavailable, or UnreadableEvent when a stranger is in the stream. */
export async function load<State, Event extends { readonly type: string }>(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  decider: Decider<State, never, Event>,
): Promise<Loaded<State>> {
  let state = decider.initialState();
  let last: RecordedEvent | undefined;
  const positions: bigint[] = [];
  for (;;) {
    const page = await store.readStream(stream, { from: last ? last.revision + 1n : 0n, limit: PAGE });
    for (const recorded of page) {
      positions.push(recorded.position);
      if (recorded.passedOver) continue;
      const event = decodeEvent(recorded.type, recorded.data);
      if (!Object.hasOwn(decider.events, event.type))
        throw new UnreadableEvent(recorded.type, `does not belong into ${stream}`);
      state = decider.evolve(state, event as unknown as Event);
    }
    last = page.at(-1) ?? last;
    if (page.length < PAGE) break;
  }
  return {
    stream,
    state,
    expected: last?.revision ?? 'no-stream',
    positions,
    lastRecordedAt: last?.recordedAt,
  };
}
