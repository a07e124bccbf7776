import type { Usage } from '../../../domain/pricing/usage.js';

/** A usage in OpenAI's names, in which what came from the cache is part of the prompt, and what was reasoned of the output. */
export function writeUsage(usage: Usage): object {
  const { prompt_tokens: prompt, completion_tokens: completion } = usage;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.cached_tokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
  };
}
