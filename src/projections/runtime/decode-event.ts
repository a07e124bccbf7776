import { z } from 'zod';
import { decodeEvent } from '../../domain/events/codec.js';
import { namesReadUnchanged } from '../../domain/events/versions.js';
import { readStoredCharge } from '../../domain/usage/stored-charge.js';
import type { RecordedEvent } from '../../eventstore/event-store.js';
import type { LedgerEvent, Told, WholeEvent } from './projection.js';

/** A recorded event as the domain knows it. @throws UnreadableEvent */
export function decodeRecorded(recorded: RecordedEvent): WholeEvent {
  return placed(recorded, decodeEvent(recorded.type, recorded.data)) as WholeEvent;
}

const CHARGE = 'consumption-recorded';
const STORED_CHARGES = namesReadUnchanged(CHARGE);

/** What a recorded event says, as read models see it. Every event is checked, those that are most by the shortest way. @throws UnreadableEvent */
export function decodeTold(recorded: RecordedEvent): Told {
  const { type, dataText } = recorded;
  const charge = dataText !== undefined && STORED_CHARGES.has(type) ? readStoredCharge(dataText) : undefined;
  return charge ? { type: CHARGE, data: charge } : decodeEvent(type, recorded.data);
}

/** As decodeTold, with its place. @throws UnreadableEvent */
export function decodeForTables(recorded: RecordedEvent): LedgerEvent {
  return placed(recorded, decodeTold(recorded)) as LedgerEvent;
}

/** The metadata is left unread but for a credit, of which readers want its arrival. */
function placed(recorded: RecordedEvent, { type, data }: Pick<LedgerEvent, 'type' | 'data'>) {
  const { id, stream, revision, position, recordedAt, type: storedType } = recorded;
  const receivedAt = type === 'payment-credited' ? receivedAtOf(recorded.metadata) : undefined;
  return { type, data, id, stream, revision, position, recordedAt, receivedAt, storedType };
}

const arrival = z.object({ received_at: z.iso.datetime().transform((text) => new Date(text)) });

/** Undefined where the event is older than this member, or has something else there: the money does not hang on it. */
const receivedAtOf = (metadata: RecordedEvent['metadata']): Date | undefined =>
  arrival.safeParse(metadata).data?.received_at;
