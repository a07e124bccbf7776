import type { Usage } from '../../../domain/pricing/usage.js';

/** A usage in Anthropic's names, in which the prompt is what neither came from the cache nor went there. */
export function writeUsage(usage: Usage): object {
  const { prompt_tokens: prompt, cached_tokens: read, completion_tokens: output } = usage;
  const { cache_write_tokens: short, cache_write_1h_tokens: long } = usage;
  return {
    input_tokens: Math.max(0, prompt - read - short - long),
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
    output_tokens: output,
  };
}
