import { isOwnStream, logStream } from '../domain/streams.js';
import type { RecordedEvent } from '../eventstore/event-store.js';

/**
 * Whether an event goes along when a log is moved: all of the ledger's own do, also those that were skipped. What others wrote beside them
 * is theirs, and what the log says of itself is of that log alone.
 */
export const isMoved = ({ stream, type }: RecordedEvent): boolean =>
  stream !== logStream && isOwnStream(stream) && !type.startsWith('$');
