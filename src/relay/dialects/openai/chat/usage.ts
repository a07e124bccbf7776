import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { countAt, type JsonObject, listAt, objectAt, optionalCountAt } from '../../json/read.js';

/**
 * The usage in an answer or a chunk, wherever upstreams put it (top level, or the first choice); undefined when there is none.
 * Zero is a value. Counts are as reported, also impossible ones; an absent or mistyped count is NaN, so that it is refused later and not guessed.
 */
export function usageOf(payload: JsonObject): Usage | undefined {
  const usage = objectAt(payload['usage']) ?? objectAt(objectAt(listAt(payload['choices'])[0])?.['usage']);
  if (!usage) return undefined;
  const prompt = objectAt(usage['prompt_tokens_details']);
  const output = objectAt(usage['completion_tokens_details']);
  return usageFrom({
    prompt_tokens: countAt(usage['prompt_tokens']),
    cached_tokens: optionalCountAt(prompt?.['cached_tokens']),
    cache_write_tokens: optionalCountAt(prompt?.['cache_write_tokens']),
    prompt_audio_tokens: optionalCountAt(prompt?.['audio_tokens']),
    completion_tokens: countAt(usage['completion_tokens']),
    reasoning_tokens: optionalCountAt(output?.['reasoning_tokens']),
    completion_audio_tokens: optionalCountAt(output?.['audio_tokens']),
  });
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
