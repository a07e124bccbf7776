import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Hop, hopsOfForwarded, hopsOfForwardedFor } from './forwarded.js';

/** The address a request came from, as far as that can be relied on. Undefined: it is not known, and counts as allowed nowhere. */
export type ClientAddress = (request: IncomingMessage) => string | undefined;

/** Of the connection: what is at its other end is taken for the client. */
export const connectionAddress: ClientAddress = ({ socket }) => socket.remoteAddress;

/**
 * The nearest address that is no proxy of ours: each proxy vouches for the one before it, so what stands further away was written by
 * somebody who is not known. @param peer the address at the other end, or what the PROXY protocol said it is
 */
export function clientAddress(
  peer: string | undefined,
  headers: IncomingHttpHeaders,
  isProxy: (address: string | undefined) => boolean,
): string | undefined {
  if (!isProxy(peer)) return peer;
  const lists = [hopsOfForwardedFor(headers), hopsOfForwarded(headers)].filter((hops) => hops !== undefined);
  const [address, ...others] = lists.map((hops) => nearest(hops, isProxy));
  if (lists.length === 0) return peer;
  // A proxy writes one of the two headers and passes the other one on: they agree, or one of them is the client's invention.
  return others.every((other) => other === address) ? address : undefined;
}

function nearest(hops: readonly Hop[], isProxy: (address: string | undefined) => boolean): Hop {
  for (const hop of [...hops].reverse()) if (hop === undefined || !isProxy(hop)) return hop;
  return hops[0];
}
