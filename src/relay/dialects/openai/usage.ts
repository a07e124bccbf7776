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
    cache_write_tokens: optionalCountAt(details?.['cache_write_tokens']),
    completion_tokens: countAt(usage['completion_tokens']),
  };
}

/**
 * The usage of an answer in which nothing is output: `usage` with `prompt_tokens` or `total_tokens` alone, or Cohere's
 * `meta.tokens.input_tokens`.
 */
export function inputUsage(payload: JsonObject): TokenUsage | undefined {
  const { prompt_tokens, total_tokens } = objectAt(payload['usage']) ?? {};
  const read =
    prompt_tokens ?? total_tokens ?? objectAt(objectAt(payload['meta'])?.['tokens'])?.['input_tokens'];
  if (read === undefined) return undefined;
  return {
    prompt_tokens: countAt(read),
    cached_tokens: 0,
    cache_write_tokens: 0,
    completion_tokens: 0,
  };
}
