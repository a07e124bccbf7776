import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { NotReachable, type PostJson } from '../../reactions/receivers/signed-post.js';
import { AddressNotAllowed, guardedLookup, literalOf, type Reach } from '../../support/reach.js';

/**
 * Posts to an address that somebody gave who may not reach what we can: a name is resolved here, and the connection goes to what was looked at.
 * Redirects are not followed, and what is answered is not read.
 */
export function createPostJson(reach: Reach): PostJson {
  return async (address, body, headers, signal) => {
    const url = new URL(address);
    const may = reach(url.origin);
    const literal = literalOf(url.hostname);
    if (literal !== undefined && !may(literal)) throw notReachable();
    const ask = url.protocol === 'https:' ? overHttps : overHttp;
    return new Promise((resolve, reject) => {
      const sent = ask(
        url,
        {
          method: 'POST',
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body).toString(),
            'user-agent': 'Counterfoil',
          },
          lookup: guardedLookup(may),
          // One connection, at the address that was looked at.
          agent: false,
          signal,
        },
        (response) => {
          response.destroy();
          resolve({ status: response.statusCode ?? 0 });
        },
      );
      sent.on('error', (error) => reject(error instanceof AddressNotAllowed ? notReachable() : error));
      sent.end(body);
    });
  };
}

const notReachable = () => new NotReachable('the address is private');
