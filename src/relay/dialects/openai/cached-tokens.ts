import { type JsonObject, objectAt, optionalCountAt } from '../json/read.js';

/**
 * Tokens of the prompt that were read from the cache: in the details of the prompt (OpenAI and most others), or in the usage itself, as
 * DeepSeek (`prompt_cache_hit_tokens`), Kimi (`cached_tokens`) and gateways before Anthropic put them. A place that says 0 proves
 * nothing of another one.
 */
export const cachedTokens = (usage: JsonObject, details: JsonObject | undefined): number =>
  firstCount(
    details?.['cached_tokens'],
    usage['cached_tokens'],
    usage['prompt_cache_hit_tokens'],
    usage['cache_read_input_tokens'],
    details?.['cached_read_tokens'],
  );

/**
 * Of those that were written to it, the ones that stay long: an hour, where gateways before Anthropic say so, and twelve, which OpenAI tells
 * apart in the details of those written. Both are the price list's dearer class.
 */
export const writtenForLong = (usage: JsonObject, details: JsonObject | undefined): number =>
  firstCount(
    objectAt(details?.['cache_write_tokens_details'])?.['ttl_12h_tokens'],
    objectAt(usage['cache_creation'])?.['ephemeral_1h_input_tokens'],
    objectAt(details?.['cache_creation'])?.['ephemeral_1h_input_tokens'],
    usage['claude_cache_creation_1_h_tokens'],
  );

/** All that were written to it: OpenRouter and Qwen have them in the details, gateways in the usage. */
export const writtenTokens = (usage: JsonObject, details: JsonObject | undefined): number =>
  firstCount(
    details?.['cache_write_tokens'],
    details?.['cache_creation_input_tokens'],
    details?.['cached_creation_tokens'],
    details?.['cache_creation_tokens'],
    usage['cache_write_tokens'],
    usage['cache_creation_input_tokens'],
    inParts(usage['cache_creation']),
    inParts(details?.['cache_creation']),
  );

function inParts(value: unknown): number {
  const creation = objectAt(value);
  return (
    optionalCountAt(creation?.['ephemeral_5m_input_tokens']) +
    optionalCountAt(creation?.['ephemeral_1h_input_tokens'])
  );
}

/** The first that is not zero. */
function firstCount(...places: readonly unknown[]): number {
  for (const place of places) {
    const count = optionalCountAt(place);
    if (count !== 0) return count;
  }
  return 0;
}
