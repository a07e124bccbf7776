/** What an upstream says of the output. Counts may be anything. */
export interface ReportedOutput {
  readonly prompt: number;
  readonly completion: number;
  /** Reasoning, or thoughts. */
  readonly reasoning: number;
  /** Of all of it; undefined where upstream says none. */
  readonly total: number | undefined;
  /** What the dialect's documents say, which counts where there is no total. */
  readonly documented: 'within' | 'beside';
}

/**
 * All tokens of the output. Most upstreams count reasoning within the completion, some (xAI, Gemini) beside it, and one model may be reported
 * in both ways: the total decides. It is beside only where only that makes the total come out. An upstream that says 0 for the
 * completion has not counted it.
 */
export function outputByTotal({ prompt, completion, reasoning, total, documented }: ReportedOutput): number {
  const isBeside =
    total === undefined
      ? documented === 'beside'
      : total !== prompt + completion && total === prompt + completion + reasoning;
  return isBeside || completion === 0 ? completion + reasoning : completion;
}
