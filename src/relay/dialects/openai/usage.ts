import type { TokenUsage } from '../../../domain/pricing/price.js';
import { countAt, type JsonObject, listAt, objectAt, optionalCountAt } from '../json/read.js';

/**
 * The usage in an answer or a chunk, wherever upstreams put it (top level, or the first choice); undefined when there is none.
 * Zero is a value. Counts are as reported, also impossible ones; an absent or mistyped count is NaN, so that it is refused later and not guessed.
 */
export function usageOf(payload: JsonObject): TokenUsage | undefined {
  const usage = objectAt(payload['usage']) ?? objectAt(objectAt(listAt(payload['choices'])[0])?.['usage']);
  if (!usage) return undefined;
  const details = objectAt(usage['prompt_tokens_details']);
  return {
    prompt_tokens: countAt(usage['prompt_tokens']),
    cached_tokens: optionalCountAt(details?.['cached_tokens']),
    cache_write_tokens: 0,
    completion_tokens: countAt(usage['completion_tokens']),
  };
}
