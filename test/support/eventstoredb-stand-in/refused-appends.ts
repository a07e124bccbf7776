import { Metadata, status } from '@grpc/grpc-js';
import type { CallError } from './faults.js';
import type { Expectation, ProposedEvent } from './log.js';

/** Of type, data and metadata of all events of an append. */
const MAX_APPEND_BYTES = 1024 * 1024;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Why an append is refused whatever the stream holds: too large, without a name, or expected where no revision can be. */
export function refusedAppend(
  stream: string,
  expected: Expectation,
  proposed: readonly ProposedEvent[],
): CallError | undefined {
  const bytes = proposed.reduce(
    (sum, { type, data, metadata }) => sum + 2 * type.length + data.length + metadata.length,
    0,
  );
  if (bytes > MAX_APPEND_BYTES) return tooLarge();
  if (stream === '') return bad('Stream name must not be empty');
  if (proposed.some(({ type }) => type === '')) return bad('Empty eventType provided.');
  if (proposed.some(({ id }) => !UUID.test(id))) return bad('Unrecognized Guid format.');
  if (typeof expected === 'bigint' && expected >= 2n ** 63n) return bad('Stream revision is too large');
  return undefined;
}

/** The exception of the server itself, which says by nothing that it refused. */
const bad = (details: string): CallError => ({ code: status.UNKNOWN, details, metadata: new Metadata() });

function tooLarge(): CallError {
  const metadata = new Metadata();
  metadata.set('exception', 'maximum-append-size-exceeded');
  metadata.set('maximum-append-size', String(MAX_APPEND_BYTES));
  return {
    code: status.INVALID_ARGUMENT,
    details: `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`,
    metadata,
  };
}
