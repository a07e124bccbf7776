import {
  type ClientRequest,
  type IncomingMessage,
  request as overHttp,
  type RequestOptions,
} from 'node:http';
import { request as overHttps } from 'node:https';
import { AddressNotAllowed, guardedLookup, literalOf, type Reach } from './reach.js';

/**
 * A request to an address that somebody gave who may not reach what we can: a name is resolved here, the connection is one of its own and goes to
 * what was looked at, and redirects are not followed. What is not reached comes as an `error` of the request.
 *
 * @throws AddressNotAllowed where the address is a number that may not be reached
 */
export function guardedRequest(
  reach: Reach,
  url: URL,
  options: Pick<RequestOptions, 'method' | 'headers' | 'signal'>,
  onAnswer: (answer: IncomingMessage) => void,
): ClientRequest {
  const may = reach(url.origin);
  const literal = literalOf(url.hostname);
  if (literal !== undefined && !may(literal)) throw new AddressNotAllowed();
  const ask = url.protocol === 'https:' ? overHttps : overHttp;
  return ask(url, { ...options, lookup: guardedLookup(may), agent: false }, onAnswer);
}
