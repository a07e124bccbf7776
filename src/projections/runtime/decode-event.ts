import { decodeEvent } from '../../domain/events/catalogue.js';
import { readStoredCharge } from '../../domain/usage/stored-charge.js';
import type { RecordedEvent } from '../../eventstore/event-store.js';
import type { LedgerEvent, WholeEvent } from './projection.js';

/** A recorded event as the domain knows it. @throws UnreadableEvent */
export function decodeRecorded(recorded: RecordedEvent): WholeEvent {
  const { id, stream, revision, position, recordedAt } = recorded;
  const { type, data } = decodeEvent(recorded.type, recorded.data);
  return { type, data, id, stream, revision, position, recordedAt, storedType: recorded.type } as WholeEvent;
}

const CHARGE = 'consumption-recorded.v2';

/** A recorded event as read models see it. Every event is checked, those that are most by the shortest way. @throws UnreadableEvent */
export function decodeForTables(recorded: RecordedEvent): LedgerEvent {
  if (recorded.type !== CHARGE || recorded.dataText === undefined) return decodeRecorded(recorded);
  const data = readStoredCharge(recorded.dataText);
  if (data === undefined) return decodeRecorded(recorded);
  const { id, stream, revision, position, recordedAt } = recorded;
  return { type: CHARGE, data, id, stream, revision, position, recordedAt, storedType: CHARGE };
}
