import type { Decision } from '../../domain/decider.js';
import { encodeEvent } from '../../domain/events/codec.js';
import { ledgerDecider, type LedgerCommand } from '../../domain/ledger/decide.js';
import type { LedgerEvent, LedgerState } from '../../domain/ledger/state.js';
import { ledgerStream } from '../../domain/streams.js';
import type { EventStore } from '../../eventstore/event-store.js';
import { appendUntilKnown } from '../handling/append-until-known.js';
import type { CommandMeta } from '../handling/command.js';
import { eventIdOf } from '../handling/identifiers.js';
import { load } from '../handling/load.js';
import { DEFAULT_TIMINGS } from '../handling/timings.js';

interface Told {
  readonly state: LedgerState;
  /** What was said now; nothing when it had been said before. */
  readonly events: readonly LedgerEvent[];
}

/**
 * Says something of the log in its own stream. A person does it, on a log that need not be in order: there is no other way to write here.
 *
 * @throws LedgerUnavailable, EventStoreUnavailable; Error when somebody else says something at the same moment
 */
export async function tellLedger(
  {
    store,
    newId,
  }: { readonly store: Pick<EventStore, 'append' | 'readStream'>; readonly newId: () => string },
  name: string,
  command: LedgerCommand,
  { actor, requestId }: CommandMeta,
): Promise<Told> {
  const { state, expected } = await load(store, ledgerStream, ledgerDecider);
  const decision: Decision<LedgerEvent> = ledgerDecider.decide(command, state);
  if (decision.kind === 'refused') throw new Error(`${name} was refused: ${decision.refusal.code}`);
  if (decision.events.length === 0) return { state, events: [] };
  const invocation = newId();
  const events = decision.events.map((event, index) => ({
    id: eventIdOf(invocation, ledgerStream, expected, index),
    ...encodeEvent(event),
    metadata: { actor, request_id: requestId, command: name },
  }));
  const outcome = await appendUntilKnown(store, [{ stream: ledgerStream, expected, events }], {
    backoff: DEFAULT_TIMINGS,
    deadlineMs: performance.now() + DEFAULT_TIMINGS.deadlineMs,
    now: () => performance.now(),
    unavailableAttempts: DEFAULT_TIMINGS.unavailableAttempts,
  });
  if (outcome.outcome === 'conflict')
    throw new Error(`${name}: somebody else writes to the log's own stream at this moment: look again`);
  return {
    state: decision.events.reduce((before: LedgerState, event) => ledgerDecider.evolve(before, event), state),
    events: decision.events,
  };
}
