import type { TokenUsage } from '../../domain/pricing/price.js';

/** What upstream said: a usage that can be charged, or one that cannot be true. */
export type ReportedUsage =
  | { readonly kind: 'usable'; readonly usage: TokenUsage }
  | { readonly kind: 'absurd'; readonly detail: string };

/** What the call could have used, from its own estimate: a report far beyond it is an error of upstream, not a bill. */
export interface UsageExpectation {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Pictures and hidden prompts can make the true count many times the estimate; beyond these factors no call is that far off. */
const PROMPT_FACTOR = 100;
const OUTPUT_FACTOR = 10;
const SLACK_TOKENS = 100_000;

/** `usage` when it can be true, else why it is not charged. */
export function plausible(usage: TokenUsage, expected: UsageExpectation): ReportedUsage {
  for (const [name, count] of Object.entries(usage)) {
    if (!Number.isSafeInteger(count) || count < 0) return { kind: 'absurd', detail: `${name} is ${count}` };
  }
  const promptBound = expected.promptTokens * PROMPT_FACTOR + SLACK_TOKENS;
  const highest = Math.max(usage.prompt_tokens, usage.cached_tokens, usage.cache_write_tokens);
  if (highest > promptBound)
    return { kind: 'absurd', detail: `${highest} prompt tokens, at most ${promptBound} expected` };
  const outputBound = expected.outputTokens * OUTPUT_FACTOR + SLACK_TOKENS;
  if (usage.completion_tokens > outputBound) {
    return {
      kind: 'absurd',
      detail: `${usage.completion_tokens} output tokens, at most ${outputBound} expected`,
    };
  }
  return { kind: 'usable', usage };
}
