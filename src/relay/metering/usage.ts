import { type Usage, usageCounts } from '../../domain/pricing/usage.js';

/** What upstream said: a usage that can be charged, or one that cannot be true. */
export type ReportedUsage =
  { readonly kind: 'usable'; readonly usage: Usage } | { readonly kind: 'absurd'; readonly detail: string };

/** What the call could have used, from its own estimate: a report far beyond it is an error of upstream, not a bill. */
export interface UsageExpectation {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** The most pictures, sound and text the call can have made; absent: none was asked for. */
  readonly images?: number | undefined;
  readonly mediaMs?: number | undefined;
  readonly characters?: number | undefined;
}

/** Pictures and hidden prompts can make the true count many times the estimate; beyond these factors no call is that far off. */
const PROMPT_FACTOR = 100;
const OUTPUT_FACTOR = 10;
const SLACK_TOKENS = 100_000;
/** Silence compresses to almost nothing. */
const MEDIA_FACTOR = 10;
/** Searches of one call: the model decides how many, within reason. */
const MOST_SEARCHES = 1_000;

/** `usage` when it can be true, else why it is not charged. */
export function plausible(usage: Usage, expected: UsageExpectation): ReportedUsage {
  for (const name of usageCounts) {
    const count = usage[name];
    if (!Number.isSafeInteger(count) || count < 0) return { kind: 'absurd', detail: `${name} is ${count}` };
  }
  const detail =
    beyond('prompt tokens', promptOf(usage), expected.promptTokens * PROMPT_FACTOR + SLACK_TOKENS) ??
    beyond('output tokens', outputOf(usage), expected.outputTokens * OUTPUT_FACTOR + SLACK_TOKENS) ??
    beyond('images', usage.images, expected.images ?? 0) ??
    beyond('milliseconds', usage.media_ms, (expected.mediaMs ?? 0) * MEDIA_FACTOR) ??
    beyond('characters', usage.characters, expected.characters ?? 0) ??
    beyond('searches', usage.searches, MOST_SEARCHES);
  return detail === undefined ? { kind: 'usable', usage } : { kind: 'absurd', detail };
}

function beyond(what: string, count: number, bound: number): string | undefined {
  return count > bound ? `${count} ${what}, at most ${bound} expected` : undefined;
}

/** Parts should be within the whole; where an upstream says otherwise, they are what is charged. */
const promptOf = (usage: Usage): number =>
  Math.max(
    usage.prompt_tokens,
    usage.cached_tokens + usage.cache_write_tokens + usage.cache_write_1h_tokens,
    usage.prompt_audio_tokens,
    usage.prompt_image_tokens,
  );

const outputOf = (usage: Usage): number =>
  Math.max(
    usage.completion_tokens,
    usage.reasoning_tokens,
    usage.completion_audio_tokens,
    usage.completion_image_tokens,
  );
