import { type Usage, usageFrom } from '../../../domain/pricing/usage.js';
import { countAt, type JsonObject, listAt, objectAt, optionalCountAt } from '../json/read.js';

/**
 * The usage in an answer or a chunk; undefined when there is none. `promptTokenCount` includes the cached tokens; the results of tools
 * that upstream ran by itself are prompt too, thoughts are output. Google leaves zeros out, so that an absent output count is none,
 * unless the total says otherwise; a prompt is never empty, and an absent prompt count is no count.
 */
export function usageOf(payload: JsonObject): Usage | undefined {
  const usage = objectAt(payload['usageMetadata']);
  if (!usage) return undefined;
  const prompt = countAt(usage['promptTokenCount']) + optionalCountAt(usage['toolUsePromptTokenCount']);
  const thoughts = optionalCountAt(usage['thoughtsTokenCount']);
  const candidates = usage['candidatesTokenCount'] ?? Math.max(0, beyond(usage, prompt + thoughts));
  const inputs = usage['promptTokensDetails'];
  const outputs = usage['candidatesTokensDetails'];
  return usageFrom({
    prompt_tokens: prompt,
    cached_tokens: optionalCountAt(usage['cachedContentTokenCount']),
    prompt_audio_tokens: ofModality(inputs, 'AUDIO'),
    prompt_image_tokens: ofModality(inputs, 'IMAGE'),
    completion_tokens: countAt(candidates) + thoughts,
    reasoning_tokens: thoughts,
    completion_audio_tokens: ofModality(outputs, 'AUDIO'),
    completion_image_tokens: ofModality(outputs, 'IMAGE'),
  });
}

function ofModality(details: unknown, modality: string): number {
  let tokens = 0;
  for (const detail of listAt(details)) {
    const { modality: found, tokenCount } = objectAt(detail) ?? {};
    if (found === modality) tokens += optionalCountAt(tokenCount);
  }
  return tokens;
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
