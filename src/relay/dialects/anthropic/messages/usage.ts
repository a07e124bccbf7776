import type { Usage } from '../../../../domain/pricing/usage.js';
import type { UsageBeside } from '../../../metering/usage-beside.js';
import { iterationsBeside } from './iterations.js';
import { inOwnNames, tokenUsage } from './token-usage.js';
import { type JsonObject, objectAt, optionalCountAt, textIn } from '../../json/read.js';

/** The usage of a whole answer; undefined when there is none. Counts are as reported, also impossible ones. */
export function usageOf(payload: JsonObject): Usage | undefined {
  const usage = objectAt(payload['usage']);
  return usage && tokenUsage(inOwnNames(usage));
}

/** The class of service that a whole answer names. */
export const serviceTierOf = (payload: JsonObject): string | undefined =>
  textIn(objectAt(payload['usage'])?.['service_tier']);

/** What upstream did beside the message that the usage sums up. */
export function besideOf(payload: JsonObject): readonly UsageBeside[] {
  const usage = objectAt(payload['usage']);
  return usage ? iterationsBeside(usage) : [];
}

/**
 * What a stream has reported so far. It says it twice: at its start what the prompt was, with a placeholder for the output; at its end, in
 * cumulative counts that replace those of the start where they are there, what the output was.
 */
export class StreamUsage {
  private merged: Record<string, unknown> | undefined;

  start(usage: unknown): void {
    const prompt: Record<string, unknown> = { ...inOwnNames(objectAt(usage) ?? {}) };
    delete prompt['output_tokens'];
    if (Object.keys(prompt).length > 0 && isUsage(prompt)) this.merged = prompt;
  }

  /** May come several times. */
  progress(value: unknown): void {
    const told = objectAt(value);
    if (!told) return;
    const usage = inOwnNames(told);
    const merged: Record<string, unknown> = { ...this.merged };
    // An end that knows nothing of the prompt says 0 at some upstreams.
    const isSilentOnPrompt = promptTokens(usage) === 0;
    for (const [name, count] of Object.entries(usage)) {
      if (count === null || count === undefined) continue;
      if (isSilentOnPrompt && name in merged && !OF_THE_END.has(name)) continue;
      if (saysNothing(count) && name in merged) continue;
      merged[name] = count;
    }
    if (isUsage(merged)) this.merged = merged;
  }

  get serviceTier(): string | undefined {
    return textIn(this.merged?.['service_tier']);
  }

  /** What upstream did beside the message that it sums up. */
  get beside(): readonly UsageBeside[] {
    return this.merged ? iterationsBeside(this.merged) : [];
  }

  /** Undefined until the output has been reported too. */
  get usage(): Usage | undefined {
    return this.merged && 'output_tokens' in this.merged ? tokenUsage(this.merged) : undefined;
  }

  /** What is known of the prompt alone. Upstreams that will say it at the end say 0 at the start. */
  get promptUsage(): Usage | undefined {
    if (!this.merged || promptTokens(this.merged) === 0) return undefined;
    return tokenUsage({ ...this.merged, output_tokens: 0, output_tokens_details: null });
  }
}

/** Longer ones are none. */
const LONGEST = 64 * 1024;

const isUsage = (usage: JsonObject): boolean => JSON.stringify(usage).length <= LONGEST;

const saysNothing = (count: unknown): boolean => count === 0 || (Array.isArray(count) && count.length === 0);

/** What an end tells that need not know of the prompt. */
const OF_THE_END: ReadonlySet<string> = new Set(['output_tokens', 'iterations', 'server_tool_use']);

function promptTokens(usage: JsonObject): number {
  return (
    optionalCountAt(usage['input_tokens']) +
    optionalCountAt(usage['cache_read_input_tokens']) +
    optionalCountAt(usage['cache_creation_input_tokens'])
  );
}
