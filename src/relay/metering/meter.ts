import { type Usage, usageFrom } from '../../domain/pricing/usage.js';
import { countTokens } from './count-tokens.js';
import { plausible, type UsageExpectation } from './usage.js';

/** What a call is charged for, and where the figures come from. */
export interface MeteredUsage {
  readonly usage: Usage;
  readonly basis: 'reported' | 'counted' | 'estimate';
  /** Set when upstream reported something that cannot be true. */
  readonly refusedReport: string | undefined;
}

export interface MeterSource {
  /** As reported; undefined when there is none, or none that is up to date. */
  readonly reported: Usage | undefined;
  /** What upstream said of the prompt, where it did not get to report the output: the output alone is counted then. */
  readonly reportedPrompt?: Usage | undefined;
  /** Searches that upstream reports without tokens. */
  readonly searches?: number | undefined;
  readonly expected: UsageExpectation;
  /** Called only where the report is missing or refused. */
  readonly promptText: () => string;
  readonly outputText: () => { readonly text: string; readonly estimatedBeyond: number };
}

/** Upstream's report where it can be true, else what we count ourselves, within `budgetMs` of work for each of prompt and output. */
export async function meter(source: MeterSource, budgetMs: number): Promise<MeteredUsage> {
  const report = source.reported && plausible(source.reported, source.expected);
  if (report?.kind === 'usable') return { usage: report.usage, basis: 'reported', refusedReport: undefined };
  const output = source.outputText();
  const known = source.reportedPrompt && plausible(source.reportedPrompt, source.expected);
  const prompt =
    known?.kind === 'usable'
      ? { usage: known.usage, counted: true }
      : await countPrompt(source.promptText(), budgetMs);
  const completion = await countTokens(output.text, { budgetMs });
  const isWhole = prompt.counted && completion.counted && output.estimatedBeyond === 0;
  return {
    usage: {
      ...prompt.usage,
      completion_tokens: completion.tokens + output.estimatedBeyond,
      searches: source.searches ?? prompt.usage.searches,
    },
    basis: isWhole ? 'counted' : 'estimate',
    refusedReport: report?.detail,
  };
}

async function countPrompt(text: string, budgetMs: number): Promise<{ usage: Usage; counted: boolean }> {
  const { tokens, counted } = await countTokens(text, { budgetMs });
  return { usage: usageFrom({ prompt_tokens: tokens }), counted };
}
