import type { UpstreamPools } from '../transport/pools.js';
import { proxyOf } from '../transport/proxy-of.js';
import type { Asked } from './token-endpoint.js';

const WITHIN_MS = 10_000;

/** Token endpoints are asked by the way that the channel's calls take: its proxy, and no private address that nobody has named. */
export const tokenAsker =
  (pools: Pick<UpstreamPools, 'send'>): Asked =>
  async (channel, url, form) => {
    const { origin, pathname, search } = new URL(url);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const request = { origin, path: pathname + search, headers, body: Buffer.from(form) };
    const exchange = pools.send(Promise.resolve(request), { sink: undefined, proxy: proxyOf(channel) });
    const timer = setTimeout(() => exchange.abort(), WITHIN_MS);
    const answer = await exchange.answer.finally(() => clearTimeout(timer));
    if (answer.kind !== 'whole') throw new Error('the token endpoint does not answer');
    return { status: answer.status, body: answer.body };
  };
