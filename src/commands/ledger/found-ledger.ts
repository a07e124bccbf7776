import { encodeEvent } from '../../domain/events/codec.js';
import { ledgerDecider, type LedgerCommand } from '../../domain/ledger/decide.js';
import type { LedgerEvent, LedgerState } from '../../domain/ledger/state.js';
import { ledgerStream } from '../../domain/streams.js';
import { type EventStore, EventStoreUnavailable } from '../../eventstore/event-store.js';
import { eventIdOf } from '../handling/identifiers.js';

/** What the metadata of the first events calls what they came of. */
export const FOUNDING = 'found-ledger';

export interface Founding {
  readonly ledgerId: string;
  readonly foundedAt: string;
  /** Of the key that the log is sealed with from its beginning on; undefined where it does not say so. */
  readonly sealedWith?: string | undefined;
}

/**
 * Writes who the log is, as the first event of a stream of its own. Of two processes that do it at once both append the same event,
 * by its id, at the same revision: it stands there once.
 *
 * @throws EventStoreUnavailable when it is not known whether it stands there; it may be done again at will
 */
export async function foundLedger(
  log: Pick<EventStore, 'append'>,
  { ledgerId, foundedAt, sealedWith }: Founding,
): Promise<void> {
  const by = 'system';
  const founded = accepted({ type: 'found', ledgerId, foundedAt, by }, undefined);
  const state = founded.reduce(
    (before: LedgerState, event) => ledgerDecider.evolve(before, event),
    undefined,
  );
  const sealed = sealedWith === undefined ? [] : accepted({ type: 'seal', keyId: sealedWith, by }, state);
  const events = [...founded, ...sealed].map((event, index) => ({
    id: eventIdOf(ledgerId, ledgerStream, 'no-stream', index),
    ...encodeEvent(event),
    metadata: { actor: by, command: FOUNDING },
  }));
  const outcome = await log.append([{ stream: ledgerStream, expected: 'no-stream', events }]);
  // A conflict: somebody founded it between our look and now. Who it is, is for the next look to say.
  if (outcome.outcome === 'appended' || outcome.outcome === 'conflict') return;
  throw new EventStoreUnavailable('the ledger could not be founded', { cause: outcome.cause });
}

function accepted(command: LedgerCommand, state: LedgerState): readonly LedgerEvent[] {
  const decision = ledgerDecider.decide(command, state);
  if (decision.kind === 'refused') throw new Error(`a ledger cannot be founded: ${decision.refusal.code}`);
  return decision.events;
}
