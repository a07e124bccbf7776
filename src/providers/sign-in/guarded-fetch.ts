import type { CustomFetch } from 'openid-client';
import { Agent, fetch, type RequestInit } from 'undici';
import { AddressNotAllowed, guardedLookup, literalOf, type MayReach } from '../../support/reach.js';

/** Whoever names an issuer reaches what we can: a name is resolved here, and the connection goes to what was looked at. */
export function guardedFetch(may: MayReach): CustomFetch {
  const dispatcher = new Agent({ connect: { lookup: guardedLookup(may) } });
  return (address, options) => {
    const literal = literalOf(new URL(address).hostname);
    if (literal !== undefined && !may(literal)) return Promise.reject(new AddressNotAllowed());
    return fetch(address, { ...options, dispatcher } as RequestInit);
  };
}
