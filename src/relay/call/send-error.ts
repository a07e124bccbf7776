import type { CallEnd } from './call-record.js';
import type { ClientResponse } from './client-response.js';
import type { Dialect } from '../dialects/dialect.js';
import { publicCode, type RelayError } from '../errors.js';

/** A refusal as the whole answer, in the caller's dialect. */
export function sendError(client: ClientResponse, dialect: Dialect, error: RelayError): CallEnd {
  const { status, headers, body } = dialect.errorAnswer(error, client.requestId);
  client.send(status, { ...headers }, body);
  return { status, code: publicCode(error) };
}
