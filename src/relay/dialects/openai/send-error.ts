import type { CallEnd } from '../../call-record.js';
import type { ClientResponse } from '../../client-response.js';
import type { RelayError } from '../../errors.js';
import { errorAnswer, publicCode } from './errors.js';

/** A refusal as the whole answer. */
export function sendError(client: ClientResponse, error: RelayError): CallEnd {
  const { status, headers, body } = errorAnswer(error);
  client.send(status, { 'content-type': 'application/json', ...headers }, body);
  return { status, code: publicCode(error) };
}
