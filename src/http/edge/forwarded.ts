import type { IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';

/** An address as a proxy passed it on; undefined where it wrote something else, as `unknown` or a name of its own. */
export type Hop = string | undefined;

/** The addresses of `X-Forwarded-For`, the client's own claims first, the nearest proxy's last. Undefined: there is no such header. */
export const hopsOfForwardedFor = (headers: IncomingHttpHeaders): readonly Hop[] | undefined =>
  listOf(headers['x-forwarded-for'])?.map(addressIn);

/** The same of the `for` of each element of `Forwarded` (RFC 7239). */
export const hopsOfForwarded = (headers: IncomingHttpHeaders): readonly Hop[] | undefined =>
  listOf(headers.forwarded)?.map((element) => {
    const value = /(?:^|;)\s*for=("[^"]*"|[^;\s]*)/i.exec(element)?.[1];
    return value === undefined ? undefined : addressIn(value.replace(/^"(.*)"$/, '$1'));
  });

function listOf(header: string | string[] | undefined): readonly string[] | undefined {
  if (header === undefined) return undefined;
  return (typeof header === 'string' ? header : header.join(',')).split(',').map((element) => element.trim());
}

/** Some proxies write the port as well: `192.0.2.7:4711`, `[2001:db8::7]:4711`. */
function addressIn(text: string): Hop {
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  if (!ipaddr.IPv6.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined;
  return ipaddr.process(address).toString();
}
