/** What an upstream says of the prompt, and what is needed to know what it counted as the prompt. Counts may be anything. */
export interface ReportedPrompt {
  readonly prompt: number;
  /** Read from the cache and written to it. */
  readonly cached: number;
  readonly completion: number;
  readonly reasoning: number;
  /** Of all of it; undefined where upstream says none. */
  readonly total: number | undefined;
}

/**
 * All tokens of the prompt. OpenAI counts cached tokens within the prompt; gateways before Anthropic and Bedrock hand on a prompt
 * without them. They are beside it only where only that makes the total come out.
 */
export function promptByTotal({ prompt, cached, completion, reasoning, total }: ReportedPrompt): number {
  const comesOut = (whole: number) =>
    total === whole + completion || total === whole + completion + reasoning;
  return comesOut(prompt + cached) && !comesOut(prompt) ? prompt + cached : prompt;
}
