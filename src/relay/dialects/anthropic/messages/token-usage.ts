import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { type JsonObject, objectAt, optionalCountAt } from '../../json/read.js';
import { COMPLETION_NAMES, countBeside, firstCount, PROMPT_NAMES } from '../../reported-counts.js';

/**
 * A usage in Anthropic's names: some upstreams before other models write a message with the counts of a chat in it, whose prompt has in it what
 * was read from the cache.
 */
export function inOwnNames(usage: JsonObject): JsonObject {
  const isForeign = (own: string, name: string) =>
    optionalCountAt(usage[own]) === 0 && optionalCountAt(usage[name]) !== 0;
  const output = isForeign('output_tokens', 'completion_tokens');
  const input = isForeign('input_tokens', 'prompt_tokens');
  if (!output && !input) return usage;
  const named: Record<string, unknown> = { ...usage };
  if (output) named['output_tokens'] = firstCount(usage, COMPLETION_NAMES);
  if (input) {
    const read = optionalCountAt(usage['cache_read_input_tokens']);
    named['input_tokens'] = Math.max(0, firstCount(usage, PROMPT_NAMES) - read);
  }
  return named;
}

/** Cache reads and writes come on top of `input_tokens`; with us the prompt includes them. */
export function tokenUsage(usage: JsonObject): Usage {
  const { input, read } = inputs(usage);
  const { short, long } = cacheWrites(usage);
  return usageFrom({
    prompt_tokens: input + read + short + long,
    cached_tokens: read,
    cache_write_tokens: short,
    cache_write_1h_tokens: long,
    completion_tokens: countBeside(input + read + short + long, usage, ['output_tokens']),
    reasoning_tokens: optionalCountAt(objectAt(usage['output_tokens_details'])?.['thinking_tokens']),
    searches: optionalCountAt(objectAt(usage['server_tool_use'])?.['web_search_requests']),
  });
}

/**
 * What was read from the cache, and the rest of the prompt. Kimi has the former under its name in chats, and as there within the prompt; more
 * than the prompt cannot be within it.
 */
function inputs(usage: JsonObject): { readonly input: number; readonly read: number } {
  const input = countBeside(optionalCountAt(usage['output_tokens']), usage, ['input_tokens']);
  const own = optionalCountAt(usage['cache_read_input_tokens']);
  if (own !== 0) return { input, read: own };
  const details = objectAt(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
  const read = cachedElsewhere(usage) || optionalCountAt(details?.['cached_tokens']);
  return { input: read <= input ? input - read : input, read };
}

/** Where chats have it, at the top of the usage: Kimi, DeepSeek. */
const cachedElsewhere = (usage: JsonObject): number =>
  optionalCountAt(usage['cached_tokens']) || optionalCountAt(usage['prompt_cache_hit_tokens']);

/** Cache entries of 5 minutes and of one hour: what the total has beyond the hour's is of 5 minutes. */
function cacheWrites(usage: JsonObject): { readonly short: number; readonly long: number } {
  const creation = objectAt(usage['cache_creation']);
  const long = optionalCountAt(creation?.['ephemeral_1h_input_tokens']);
  const total = optionalCountAt(usage['cache_creation_input_tokens']);
  const short = optionalCountAt(creation?.['ephemeral_5m_input_tokens']);
  return { short: Math.max(total - long, short), long };
}
