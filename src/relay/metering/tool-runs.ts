import type { Usage } from '../../domain/pricing/usage.js';

/** What upstream ran for the call and bills by the piece, beside the tokens. */
export type ToolRuns = Readonly<Partial<Pick<Usage, RunName>>>;

const runNames = ['searches', 'file_searches', 'code_sessions', 'images'] as const;
type RunName = (typeof runNames)[number];

/** The usage with the runs that were seen in the answer, where it says less of them. */
export function withRuns(usage: Usage, runs: ToolRuns | undefined): Usage {
  let whole = usage;
  for (const name of runNames) {
    const seen = runs?.[name] ?? 0;
    if (seen > usage[name]) whole = { ...whole, [name]: seen };
  }
  return whole;
}
