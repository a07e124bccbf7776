import type { Usage } from '../../../domain/pricing/usage.js';

/** A usage in Google's names, in which thoughts are beside the candidates. */
export function writeUsage(usage: Usage): object {
  const { prompt_tokens: prompt, completion_tokens: completion, reasoning_tokens: reasoning } = usage;
  const { cached_tokens: cached } = usage;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: Math.max(0, completion - reasoning),
    ...(cached > 0 && { cachedContentTokenCount: cached }),
    ...(reasoning > 0 && { thoughtsTokenCount: Math.min(reasoning, completion) }),
    totalTokenCount: prompt + completion,
  };
}
