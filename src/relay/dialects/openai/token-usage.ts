import { type Usage, usageFrom } from '../../../domain/pricing/usage.js';
import { outputByTotal } from '../../metering/output-by-total.js';
import { promptByTotal } from '../../metering/prompt-by-total.js';
import { type JsonObject, objectAt, optionalCountAt, totalAt } from '../json/read.js';
import { COMPLETION_NAMES, countBeside, firstCount, PROMPT_NAMES } from '../reported-counts.js';
import { cachedTokens, writtenForLong, writtenTokens } from './cached-tokens.js';

/**
 * The usage object of a chat, a completion, a response or a picture. Counts are as reported, also impossible ones; a mistyped count,
 * and both where both are absent, is NaN, so that it is refused later and not guessed.
 */
export function tokenUsage(usage: JsonObject): Usage {
  const input = objectAt(usage['prompt_tokens_details'] ?? usage['input_tokens_details']);
  const output = objectAt(usage['completion_tokens_details'] ?? usage['output_tokens_details']);
  const cached = cachedTokens(usage, input);
  const long = writtenForLong(usage, input);
  const written = Math.max(writtenTokens(usage, input), long);
  const reasoning = optionalCountAt(output?.['reasoning_tokens'] ?? usage['reasoning_tokens']);
  const completion = countBeside(firstCount(usage, PROMPT_NAMES), usage, COMPLETION_NAMES);
  const total = totalAt(usage['total_tokens']);
  const prompt = promptByTotal({
    prompt: countBeside(completion, usage, PROMPT_NAMES),
    cached: cached + written,
    completion,
    reasoning,
    total,
  });
  return usageFrom({
    prompt_tokens: prompt,
    cached_tokens: cached,
    cache_write_tokens: written - long,
    cache_write_1h_tokens: long,
    prompt_audio_tokens: optionalCountAt(input?.['audio_tokens']),
    prompt_image_tokens: optionalCountAt(input?.['image_tokens']),
    completion_tokens: outputByTotal({ prompt, completion, reasoning, total, documented: 'within' }),
    reasoning_tokens: reasoning,
    completion_audio_tokens: optionalCountAt(output?.['audio_tokens']),
    completion_image_tokens: optionalCountAt(output?.['image_tokens']),
  });
}
