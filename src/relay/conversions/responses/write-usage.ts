import type { Usage } from '../../../domain/pricing/usage.js';

/** A usage as responses tell it. */
export function writeUsage(usage: Usage): object {
  const { prompt_tokens: input, completion_tokens: output } = usage;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cached_tokens },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
    total_tokens: input + output,
  };
}
