import type { CallRequest } from '../../call-request.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { toolsOf } from './brought-tools.js';

/** As they stand in JSON; text that quotes them has them as `\"`, which does not match. */
const CACHE_MARK = Buffer.from('"cache_control"');
const HOUR = Buffer.from('"1h"');
/** Of a search that names no bound of its own. */
const SEARCHES = 10;

/** What a request can be billed for beside its tokens: nothing is written to the prompt cache without a mark, and searched without its tool. */
export function unitsOf(body: Buffer, parsed: JsonObject): NonNullable<CallRequest['units']> {
  return { cacheWrites: cacheWritesIn(body), searches: searchesIn(toolsOf(body, parsed)) };
}

function cacheWritesIn(body: Buffer): 'none' | '5m' | '1h' {
  if (!body.includes(CACHE_MARK)) return 'none';
  return body.includes(HOUR) ? '1h' : '5m';
}

function searchesIn(tools: readonly unknown[]): number {
  let searches = 0;
  for (const element of tools) {
    const { type, max_uses: most } = objectAt(element) ?? {};
    if (typeof type !== 'string' || !type.startsWith('web_search')) continue;
    searches += typeof most === 'number' && most > 0 ? Math.min(Math.ceil(most), 1_000) : SEARCHES;
  }
  return searches;
}
