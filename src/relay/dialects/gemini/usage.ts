import type { TokenUsage } from '../../../domain/pricing/price.js';
import { countAt, type JsonObject, objectAt, optionalCountAt } from '../json/read.js';

/**
 * The usage in an answer or a chunk; undefined when there is none. `promptTokenCount` includes the cached tokens; the results of tools
 * that upstream ran by itself are prompt too, thoughts are output. Google leaves zeros out, so that an absent output count is none,
 * unless the total says otherwise; a prompt is never empty, and an absent prompt count is no count.
 */
export function usageOf(payload: JsonObject): TokenUsage | undefined {
  const usage = objectAt(payload['usageMetadata']);
  if (!usage) return undefined;
  const prompt = countAt(usage['promptTokenCount']) + optionalCountAt(usage['toolUsePromptTokenCount']);
  const thoughts = optionalCountAt(usage['thoughtsTokenCount']);
  const candidates = usage['candidatesTokenCount'] ?? Math.max(0, beyond(usage, prompt + thoughts));
  return {
    prompt_tokens: prompt,
    cached_tokens: optionalCountAt(usage['cachedContentTokenCount']),
    cache_write_tokens: 0,
    completion_tokens: countAt(candidates) + thoughts,
  };
}

/** Whether a usage says anything of the output: the first chunks of a stream count the prompt only. */
export function countsOutput(payload: JsonObject): boolean {
  const usage = objectAt(payload['usageMetadata']);
  return usage?.['candidatesTokenCount'] !== undefined || usage?.['thoughtsTokenCount'] !== undefined;
}

function beyond(usage: JsonObject, known: number): number {
  const total = usage['totalTokenCount'];
  return typeof total === 'number' && !Number.isNaN(known) ? total - known : 0;
}
