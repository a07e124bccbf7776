import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { outputByTotal } from '../../../metering/output-by-total.js';
import {
  countAt,
  type JsonObject,
  listAt,
  objectAt,
  optionalCountAt,
  textIn,
  totalAt,
} from '../../json/read.js';
import { countBeside } from '../../reported-counts.js';

/** The class of service of an answer or a chunk: by its own name at Google's API, in the traffic's at Vertex. */
export function serviceTierOf(payload: JsonObject): string | undefined {
  const { serviceTier, trafficType } = objectAt(payload['usageMetadata']) ?? {};
  return textIn(serviceTier) ?? textIn(trafficType);
}

/**
 * The usage in an answer or a chunk; undefined when there is none. `promptTokenCount` includes the cached tokens; the results of tools
 * that upstream ran by itself are prompt too, unless only leaving them out makes the total come out; thoughts are output, beside the
 * candidates or within them as the total says. Google leaves zeros out, so that an absent output count is none, unless the total says
 * otherwise; a prompt is never empty, and an absent prompt count is none, unless the total has it.
 */
export function usageOf(payload: JsonObject): Usage | undefined {
  const usage = objectAt(payload['usageMetadata']);
  if (!usage) return undefined;
  const thoughts = optionalCountAt(usage['thoughtsTokenCount']);
  const prompt = promptTokens(usage, thoughts);
  const candidates = usage['candidatesTokenCount'] ?? Math.max(0, beyond(usage, prompt + thoughts));
  const total = totalAt(usage['totalTokenCount']);
  const outputs = usage['candidatesTokensDetails'];
  return usageFrom({
    prompt_tokens: prompt,
    cached_tokens: optionalCountAt(usage['cachedContentTokenCount']),
    prompt_audio_tokens: uncached(usage, 'AUDIO'),
    prompt_image_tokens: uncached(usage, 'IMAGE'),
    completion_tokens: outputByTotal({
      prompt,
      completion: countAt(candidates),
      reasoning: thoughts,
      total,
      documented: 'beside',
    }),
    reasoning_tokens: thoughts,
    completion_audio_tokens: ofModality(outputs, 'AUDIO'),
    completion_image_tokens: ofModality(outputs, 'IMAGE'),
  });
}

function promptTokens(usage: JsonObject, thoughts: number): number {
  const prompt = toldPrompt(usage, thoughts);
  const tools = optionalCountAt(usage['toolUsePromptTokenCount']);
  const total = totalAt(usage['totalTokenCount']);
  const candidates = optionalCountAt(usage['candidatesTokenCount']);
  const comesOut = (whole: number) => total === whole + candidates || total === whole + candidates + thoughts;
  return !comesOut(prompt + tools) && comesOut(prompt) ? prompt : prompt + tools;
}

/** A prompt that is left out is what the total has beyond the rest; without one it is no count. */
function toldPrompt(usage: JsonObject, thoughts: number): number {
  const { promptTokenCount: told, candidatesTokenCount: candidates } = usage;
  const rest = beyond(usage, optionalCountAt(candidates) + thoughts);
  if (told !== undefined && told !== null) return countAt(told);
  if (candidates !== undefined && rest > 0) return rest;
  return countBeside(optionalCountAt(candidates) + thoughts, usage, ['promptTokenCount']);
}

/** Numbers where the client asked for enums as numbers. */
const MODALITIES = { IMAGE: 2, AUDIO: 4 } as const;

/** Tokens of the prompt that were not read from the cache, which has a price of its own. */
function uncached(usage: JsonObject, modality: keyof typeof MODALITIES): number {
  const all =
    ofModality(usage['promptTokensDetails'], modality) +
    ofModality(usage['toolUsePromptTokensDetails'], modality);
  return Math.max(0, all - ofModality(usage['cacheTokensDetails'], modality));
}

function ofModality(details: unknown, modality: keyof typeof MODALITIES): number {
  let tokens = 0;
  for (const detail of listAt(details)) {
    const { modality: found, tokenCount } = objectAt(detail) ?? {};
    if (found === modality || found === MODALITIES[modality]) tokens += optionalCountAt(tokenCount);
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
