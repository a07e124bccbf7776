import type { TokenUsage } from '../../../../domain/pricing/price.js';
import { countAt, type JsonObject, objectAt, optionalCountAt } from '../../json/read.js';

/** The usage of a response; undefined when there is none (yet). Cached tokens are part of the input, reasoning is part of the output. */
export function responseUsage(response: JsonObject): TokenUsage | undefined {
  const usage = objectAt(response['usage']);
  if (!usage) return undefined;
  const details = objectAt(usage['input_tokens_details']);
  return {
    prompt_tokens: countAt(usage['input_tokens']),
    cached_tokens: optionalCountAt(details?.['cached_tokens']),
    cache_write_tokens: optionalCountAt(details?.['cache_write_tokens']),
    completion_tokens: countAt(usage['output_tokens']),
  };
}
