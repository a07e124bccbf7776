import { type Usage, usageCounts } from '../../domain/pricing/usage.js';

/** What upstream said: a usage that can be charged, or one that cannot be true. */
export type ReportedUsage =
  | { readonly kind: 'usable'; readonly usage: Usage }
  | { readonly kind: 'absurd'; readonly detail: string };

/** What the call can have used at all. What is merely much more than was expected is upstream's bill, and so it is the client's. */
export interface UsageExpectation {
  /** What the model looks at in one go, where its price says so; and how many times the call has it do that. */
  readonly contextWindow?: number | undefined;
  readonly contexts: number;
  /** The most pictures, sound and text the call can have made; absent: none was asked for. */
  readonly images?: number | undefined;
  readonly mediaMs?: number | undefined;
  readonly characters?: number | undefined;
}

/** Beyond the window of any model: more cannot be true of a call, whatever upstream added to the prompt. */
export const MOST_TOKENS = 10_000_000;
/** Silence compresses to almost nothing. */
const MEDIA_FACTOR = 10;
/** Of each kind of tool that upstream runs in one call: the model decides how many, within reason. */
const MOST_RUNS = 1_000;

/** `usage` when it can be true, else why it is not charged. */
export function believable(usage: Usage, expected: UsageExpectation): ReportedUsage {
  for (const name of usageCounts) {
    const count = usage[name];
    if (!Number.isSafeInteger(count) || count < 0) return { kind: 'absurd', detail: `${name} is ${count}` };
  }
  const tokens = mostTokens(usage, expected);
  const detail =
    beyond('prompt tokens', promptOf(usage), tokens) ??
    beyond('output tokens', outputOf(usage), tokens) ??
    beyond('images', usage.images, Math.max(expected.images ?? 0, MOST_RUNS)) ??
    beyond('milliseconds', usage.media_ms, (expected.mediaMs ?? 0) * MEDIA_FACTOR) ??
    beyond('characters', usage.characters, expected.characters ?? 0) ??
    beyond('searches', usage.searches, MOST_RUNS) ??
    beyond('searches in files', usage.file_searches, MOST_RUNS) ??
    beyond('machines for code', usage.code_sessions, MOST_RUNS);
  return detail === undefined ? { kind: 'usable', usage } : { kind: 'absurd', detail };
}

/** With each tool that upstream ran the model looked at the whole once more, and the report is the sum. */
function mostTokens({ searches, file_searches, code_sessions }: Usage, expected: UsageExpectation): number {
  const { contextWindow, contexts } = expected;
  if (contextWindow === undefined) return MOST_TOKENS;
  return contextWindow * (contexts + searches + file_searches + code_sessions);
}

function beyond(what: string, count: number, bound: number): string | undefined {
  return count > bound ? `${count} ${what}, at most ${bound} are possible` : undefined;
}

/** Parts should be within the whole; where an upstream says otherwise, they are what is charged. */
export const promptOf = (usage: Usage): number =>
  Math.max(
    usage.prompt_tokens,
    usage.cached_tokens + usage.cache_write_tokens + usage.cache_write_1h_tokens,
    usage.prompt_audio_tokens,
    usage.prompt_image_tokens,
  );

export const outputOf = (usage: Usage): number =>
  Math.max(
    usage.completion_tokens,
    usage.reasoning_tokens,
    usage.completion_audio_tokens,
    usage.completion_image_tokens,
  );

/** The counts that a report has, as they came. */
export const countsText = (usage: Usage): string =>
  usageCounts
    .filter((name) => usage[name] !== 0)
    .map((name) => `${name} ${usage[name]}`)
    .join(', ');
