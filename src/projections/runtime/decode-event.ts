import { decodeEvent, namesReadUnchanged } from '../../domain/events/catalogue.js';
import { readStoredCharge } from '../../domain/usage/stored-charge.js';
import type { RecordedEvent } from '../../eventstore/event-store.js';
import type { LedgerEvent, Told, WholeEvent } from './projection.js';

/** A recorded event as the domain knows it. @throws UnreadableEvent */
export function decodeRecorded(recorded: RecordedEvent): WholeEvent {
  const { id, stream, revision, position, recordedAt } = recorded;
  const { type, data } = decodeEvent(recorded.type, recorded.data);
  return { type, data, id, stream, revision, position, recordedAt, storedType: recorded.type } as WholeEvent;
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
  const { type, data } = decodeTold(recorded);
  const { id, stream, revision, position, recordedAt } = recorded;
  return { type, data, id, stream, revision, position, recordedAt, storedType: recorded.type } as LedgerEvent;
}
