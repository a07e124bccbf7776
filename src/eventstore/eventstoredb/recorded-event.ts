import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import type { JsonObject, RecordedEvent } from '../event-store.js';

/** Where a server that gives no position puts minus one, read as unsigned. */
const LARGEST_POSITION = 2n ** 63n - 1n;

/**
 * Where an event stands in the log: the commit position, which for events written in one go, as all of ours are, is the event's own
 * place and equal to the prepare position.
 *
 * @throws Error when the server gives no positions with the events of a stream (before 22.6)
 */
export function recordedPosition(event: ClientEvent): bigint {
  const position = event.position?.commit;
  if (position === undefined || position > LARGEST_POSITION) {
    throw new Error(
      'EventStoreDB 22.6 or later is needed: this server gives no positions with the events of a stream',
    );
  }
  return position;
}

/** An event of the client as the port has it. @throws Error as recordedPosition does */
export function recordedEvent(event: ClientEvent): RecordedEvent {
  const position = recordedPosition(event);
  return {
    id: event.id,
    type: event.type,
    stream: event.streamId,
    revision: event.revision,
    position,
    recordedAt: event.created,
    data: jsonObject(event.data),
    metadata: event.metadata === undefined ? {} : jsonObject(event.metadata),
  };
}

/** Statistics, stream metadata, tombstones, the server's own projections: no part of anybody's log. */
export function isSystemEvent(event: { readonly streamId: string; readonly type: string }): boolean {
  return event.streamId.startsWith('$') || event.type.startsWith('$');
}

/** Ours are objects always. Somebody else's may be bytes or a bare value: wrapped, so that nothing is lost or hidden. */
function jsonObject(value: unknown): JsonObject {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  return { value };
}
