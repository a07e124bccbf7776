import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { outputByTotal } from '../../../metering/output-by-total.js';
import { cachedTokens, writtenTokens } from '../cached-tokens.js';
import { countAt, type JsonObject, listAt, objectAt, optionalCountAt, totalAt } from '../../json/read.js';

/**
 * The usage in an answer or a chunk; undefined when there is none. Counts are as reported, also impossible ones; an absent or mistyped count
 * is NaN, so that it is refused later and not guessed.
 */
export function usageOf(payload: JsonObject): Usage | undefined {
  const usage = usageObject(payload);
  if (!usage) return undefined;
  const prompt = objectAt(usage['prompt_tokens_details']);
  const output = objectAt(usage['completion_tokens_details']);
  const prompt_tokens = countAt(usage['prompt_tokens']);
  const reasoning = optionalCountAt(output?.['reasoning_tokens'] ?? usage['reasoning_tokens']);
  return usageFrom({
    prompt_tokens,
    cached_tokens: cachedTokens(usage, prompt),
    cache_write_tokens: writtenTokens(usage, prompt),
    prompt_audio_tokens: optionalCountAt(prompt?.['audio_tokens']),
    completion_tokens: outputByTotal({
      prompt: prompt_tokens,
      completion: countAt(usage['completion_tokens']),
      reasoning,
      total: totalAt(usage['total_tokens']),
      documented: 'within',
    }),
    reasoning_tokens: reasoning,
    completion_audio_tokens: optionalCountAt(output?.['audio_tokens']),
  });
}

/** Wherever upstreams put it: at the top, in the first choice (Kimi), in a member of their own (Groq). */
export function usageObject(payload: JsonObject): JsonObject | undefined {
  return (
    objectAt(payload['usage']) ??
    objectAt(objectAt(listAt(payload['choices'])[0])?.['usage']) ??
    objectAt(objectAt(payload['x_groq'])?.['usage'])
  );
}

/**
 * The usage of an answer in which nothing is output: `usage` with `prompt_tokens` or `total_tokens` alone, or Cohere's
 * `meta.tokens.input_tokens`.
 */
export function inputUsage(payload: JsonObject): Usage | undefined {
  const { prompt_tokens, total_tokens } = objectAt(payload['usage']) ?? {};
  const read =
    prompt_tokens ?? total_tokens ?? objectAt(objectAt(payload['meta'])?.['tokens'])?.['input_tokens'];
  if (read === undefined) return undefined;
  return usageFrom({ prompt_tokens: countAt(read) });
}
