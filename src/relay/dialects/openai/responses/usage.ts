import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { countAt, type JsonObject, listAt, objectAt, optionalCountAt } from '../../json/read.js';

/** The usage of a response; undefined when there is none (yet). Cached tokens are part of the input, reasoning is part of the output. */
export function responseUsage(response: JsonObject): Usage | undefined {
  const usage = objectAt(response['usage']);
  if (!usage) return undefined;
  const details = objectAt(usage['input_tokens_details']);
  const output = objectAt(usage['output_tokens_details']);
  return usageFrom({
    prompt_tokens: countAt(usage['input_tokens']),
    cached_tokens: optionalCountAt(details?.['cached_tokens']),
    cache_write_tokens: optionalCountAt(details?.['cache_write_tokens']),
    completion_tokens: countAt(usage['output_tokens']),
    reasoning_tokens: optionalCountAt(output?.['reasoning_tokens']),
    searches: listAt(response['output']).filter(isSearch).length,
  });
}

/** Upstream bills its own searches by the call, beside their tokens. */
function isSearch(item: unknown): boolean {
  const type = objectAt(item)?.['type'];
  return type === 'web_search_call' || type === 'file_search_call';
}
