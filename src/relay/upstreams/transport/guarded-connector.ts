import { buildConnector } from 'undici';
import { AddressNotAllowed, guardedLookup, literalOf, type MayReach } from '../../../support/reach.js';

/**
 * Connects to what may be reached. A name is resolved here and the connection goes to the very address that was looked at: a name that says
 * something else a moment later changes nothing.
 */
export function guardedConnector(may: MayReach, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(may) });
  return (options, callback) => {
    const literal = literalOf(options.hostname);
    if (literal !== undefined && !may(literal)) return callback(new AddressNotAllowed(), null);
    connect(options, callback);
  };
}
