import type { Allowance } from '../../domain/channel/allowances.js';
import type { Price } from '../../domain/pricing/price.js';
import type { UsageBound } from '../../domain/pricing/worst-case.js';
import type { QuotedRequest } from '../dialects/call-request.js';

/** Runs that are held for a tool of upstream which names no bound of its own; the report decides the charge. */
const RUNS = 10;
const PICTURES = 4;

/** What a tool adds to the prompt stands in no member of the request. */
const READING: ReadonlySet<Allowance> = new Set(['searches', 'code', 'file_search', 'maps', 'plugins']);

/**
 * The most that a call is expected to use, but for its output. Where a part of the prompt cannot be seen (an earlier response, a file by its
 * id, what a search finds), `unseenTokens` are held for it, within what the model's window leaves. Of an earlier response it is known what
 * it adds: `keptTokens`.
 */
export function boundOf(
  request: QuotedRequest,
  { context_window: window = Infinity }: Price,
  unseenTokens: number,
  keptTokens?: number,
): UsageBound {
  const { promptTokens, units, asks } = request;
  if (!units && !asks) return { promptTokens };
  const reads = asks?.readsMore === true || asks?.needs.some(({ allowance }) => READING.has(allowance));
  const kept = asks && asks.references.length > 0 ? (keptTokens ?? unseenTokens) : 0;
  const added = reads ? Math.max(kept, unseenTokens) : kept;
  const unseen = Math.min(added, Math.max(0, window - promptTokens));
  const serviceTier = asks?.serviceTier;
  return { ...runsOf(request), ...units, serviceTier, promptTokens: promptTokens + unseen };
}

function runsOf({
  asks,
}: QuotedRequest): Pick<UsageBound, 'searches' | 'fileSearches' | 'codeSessions' | 'images'> {
  if (!asks) return {};
  const asked = (wanted: Allowance) => asks.needs.filter(({ allowance }) => allowance === wanted).length;
  return {
    searches: asked('searches') * RUNS,
    fileSearches: asked('file_search') * RUNS,
    codeSessions: asked('code'),
    images: asked('images') * PICTURES,
  };
}
