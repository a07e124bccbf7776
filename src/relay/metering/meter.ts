import { type Usage, usageFrom } from '../../domain/pricing/usage.js';
import type { Doubt } from '../../domain/usage/events.js';
import { countEach } from './count-tokens.js';
import { type ToolRuns, withRuns } from './tool-runs.js';
import { believable, countsText, outputOf, promptOf, type UsageExpectation } from './usage.js';

/** What a call is charged for, and where the figures come from. */
export interface MeteredUsage {
  readonly usage: Usage;
  readonly basis: 'reported' | 'counted' | 'estimate';
  /** Set when upstream reported something that cannot be true. */
  readonly doubt: Doubt | undefined;
}

/** Several are counted each by itself. */
type PromptText = string | readonly string[];

export interface MeterSource {
  /** As reported; undefined when there is none, or none that is up to date. */
  readonly reported: Usage | undefined;
  /** What upstream said of the prompt, where it did not get to report the output: the output alone is counted then. */
  readonly reportedPrompt?: Usage | undefined;
  /** Something was written since upstream told of the output: where that was less than what was written, it is counted. */
  readonly isEarly?: boolean | undefined;
  /** What upstream bills by the piece, as the answer shows it. */
  readonly runs?: ToolRuns | undefined;
  /** The call is not charged by tokens, so that a report without any may well be true. */
  readonly withoutTokens?: boolean;
  readonly expected: UsageExpectation;
  /** Called only where the report is missing, refused, or says that there was no prompt. */
  readonly promptText: () => PromptText | Promise<PromptText>;
  /** Pictures, sound and documents in the prompt, in tokens from above. */
  readonly promptMedia?: () => number | Promise<number>;
  /** Called where it says that nothing was written. Each text is counted by itself. */
  readonly outputText: () => { readonly texts: readonly string[]; readonly estimatedBeyond: number };
}

/** A side of the usage: as reported where the report says something of it, else counted. */
interface Side {
  readonly usage: Usage;
  readonly isWhole: boolean;
  readonly counted: number;
  /** What was reported of it and is not believed. */
  readonly doubt?: Doubt | undefined;
}

/**
 * Upstream's report where it can be true, else what we count ourselves, within `budgetMs` of work for each of prompt and output. A zero
 * proves nothing: where there was a prompt, or something was written, it is counted over.
 */
export async function meter(source: MeterSource, budgetMs: number): Promise<MeteredUsage> {
  const { reported, expected, runs } = source;
  const report = reported && believable(reported, expected);
  const said = report?.kind === 'usable' ? report.usage : undefined;
  const isTold =
    said && (source.withoutTokens || (promptOf(said) > 0 && outputOf(said) > 0 && !source.isEarly));
  if (isTold) return { usage: withRuns(said, runs), basis: 'reported', doubt: undefined };
  const prompt = await promptSide(said, source, budgetMs);
  const output = await outputSide(said, source, budgetMs);
  const isReported = said !== undefined && prompt.counted + output.counted === 0;
  const usage = {
    ...prompt.usage,
    completion_tokens: output.usage.completion_tokens,
    reasoning_tokens: output.usage.reasoning_tokens,
    completion_audio_tokens: output.usage.completion_audio_tokens,
    completion_image_tokens: output.usage.completion_image_tokens,
  };
  return {
    usage: withRuns(usage, runs),
    basis: isReported ? 'reported' : prompt.isWhole && output.isWhole ? 'counted' : 'estimate',
    doubt: reported && report?.kind === 'absurd' ? doubtOf(reported, report.detail) : prompt.doubt,
  };
}

async function promptSide(said: Usage | undefined, source: MeterSource, budgetMs: number): Promise<Side> {
  if (said && promptOf(said) > 0) return { usage: said, isWhole: true, counted: 0 };
  const early = source.reportedPrompt && believable(source.reportedPrompt, source.expected);
  if (early?.kind === 'usable' && promptOf(early.usage) > 0)
    return { usage: early.usage, isWhole: true, counted: 0 };
  const doubt =
    early?.kind === 'absurd' && source.reportedPrompt
      ? doubtOf(source.reportedPrompt, early.detail)
      : undefined;
  const text = await source.promptText();
  const { tokens, counted } = await countEach(typeof text === 'string' ? [text] : text, { budgetMs });
  const media = (await source.promptMedia?.()) ?? 0;
  return {
    usage: { ...(said ?? usageFrom({})), prompt_tokens: tokens + media },
    isWhole: counted && media === 0,
    counted: tokens + media,
    doubt,
  };
}

async function outputSide(
  said: Usage | undefined,
  { outputText, isEarly }: MeterSource,
  budgetMs: number,
): Promise<Side> {
  const told = said ? outputOf(said) : 0;
  if (said && told > 0 && !isEarly) return { usage: said, isWhole: true, counted: 0 };
  const { texts, estimatedBeyond } = outputText();
  const { tokens, counted } = await countEach(texts, { budgetMs });
  if (said && told > 0 && told >= tokens + estimatedBeyond) return { usage: said, isWhole: true, counted: 0 };
  return {
    usage: usageFrom({ completion_tokens: tokens + estimatedBeyond }),
    isWhole: counted && estimatedBeyond === 0,
    counted: tokens + estimatedBeyond,
  };
}

/** As events keep it. */
export const doubtOf = (reported: Usage, reason: string): Doubt => ({
  reason: reason.slice(0, 300),
  reported: countsText(reported).slice(0, 1_000),
});

/** What a client pays that left, where the prompt is given back. */
export const withoutPrompt = (metered: MeteredUsage): MeteredUsage => ({
  ...metered,
  usage: {
    ...metered.usage,
    prompt_tokens: 0,
    cached_tokens: 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    prompt_audio_tokens: 0,
    prompt_image_tokens: 0,
  },
});
