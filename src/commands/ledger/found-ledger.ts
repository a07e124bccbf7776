import { encodeEvent } from '../../domain/events/catalogue.js';
import { ledgerDecider } from '../../domain/ledger/decide.js';
import { ledgerStream } from '../../domain/streams.js';
import { type EventStore, EventStoreUnavailable } from '../../eventstore/event-store.js';
import { eventIdOf } from '../handling/identifiers.js';

/**
 * Writes who the log is, as the first event of a stream of its own. Of two processes that do it at once both append the same event,
 * by its id, at the same revision: it stands there once.
 *
 * @throws EventStoreUnavailable when it is not known whether it stands there; it may be done again at will
 */
export async function foundLedger(
  log: Pick<EventStore, 'append'>,
  { ledgerId, foundedAt }: { readonly ledgerId: string; readonly foundedAt: string },
): Promise<void> {
  const by = 'system';
  const decision = ledgerDecider.decide({ type: 'found', ledgerId, foundedAt, by }, undefined);
  if (decision.kind === 'refused') throw new Error(`a ledger cannot be founded: ${decision.refusal.code}`);
  const events = decision.events.map((event, index) => ({
    id: eventIdOf(ledgerId, ledgerStream, 'no-stream', index),
    ...encodeEvent(event),
    metadata: { actor: by, command: 'found-ledger' },
  }));
  const outcome = await log.append([{ stream: ledgerStream, expected: 'no-stream', events }]);
  // A conflict: somebody founded it between our look and now. Who it is, is for the next look to say.
  if (outcome.outcome === 'appended' || outcome.outcome === 'conflict') return;
  throw new EventStoreUnavailable('the ledger could not be founded', { cause: outcome.cause });
}
