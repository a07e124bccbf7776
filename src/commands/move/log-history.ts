import { encodeEvent } from '../../domain/events/codec.js';
import { moveDecider } from '../../domain/move/decide.js';
import type { LogHistory, MoveEvent } from '../../domain/move/state.js';
import { logStream } from '../../domain/streams.js';
import { type EventStore, EventStoreUnavailable, type StreamWrite } from '../../eventstore/event-store.js';
import { eventIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';

/** What a log says of its moves. `copyEnd`: where its copied events end, where it has any. */
export interface ToldHistory extends LogHistory {
  readonly copyEnd: bigint | undefined;
}

/** @throws EventStoreUnavailable, UnreadableEvent */
export async function readLogHistory(log: Pick<EventStore, 'readStream'>): Promise<ToldHistory> {
  const { state, positions } = await load(log, logStream, moveDecider);
  return { ...state, copyEnd: state.copied && positions[1] };
}

/**
 * Tells something of the log, once: a repetition finds it told.
 * @param append of the log, or what does more along with it
 * @throws EventStoreUnavailable when it is not known whether it stands there; it may be done again at will
 */
export async function tellOfLog(
  log: Pick<EventStore, 'readStream'>,
  event: MoveEvent,
  append: (write: StreamWrite) => ReturnType<EventStore['append']>,
): Promise<void> {
  const { state, expected } = await load(log, logStream, moveDecider);
  const decision = moveDecider.decide({ type: 'tell', event }, state);
  if (decision.kind !== 'accepted' || decision.events.length === 0) return;
  const { copy_id, by } = event.data;
  const events = decision.events.map((each, index) => ({
    id: eventIdOf(copy_id, `${logStream} ${each.type}`, expected, index),
    ...encodeEvent(each),
    metadata: { actor: by, command: 'move-log' },
  }));
  const outcome = await append({ stream: logStream, expected, events });
  if (outcome.outcome === 'appended') return;
  if (outcome.outcome === 'conflict')
    throw new Error('somebody else moves this log at this moment: look again');
  throw new EventStoreUnavailable('it is not known whether the log was told', { cause: outcome.cause });
}
