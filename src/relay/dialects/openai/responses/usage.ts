import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { outputByTotal } from '../../../metering/output-by-total.js';
import { countAt, type JsonObject, objectAt, optionalCountAt, totalAt } from '../../json/read.js';
import { cachedTokens, writtenTokens } from '../cached-tokens.js';

/** The usage of a response; undefined when there is none (yet). Cached tokens are part of the input. */
export function responseUsage(response: JsonObject): Usage | undefined {
  const usage = objectAt(response['usage']);
  if (!usage) return undefined;
  const details = objectAt(usage['input_tokens_details']);
  const output = objectAt(usage['output_tokens_details']);
  const prompt_tokens = countAt(usage['input_tokens']);
  const reasoning = optionalCountAt(output?.['reasoning_tokens']);
  return usageFrom({
    prompt_tokens,
    cached_tokens: cachedTokens(usage, details),
    cache_write_tokens: writtenTokens(usage, details),
    completion_tokens: outputByTotal({
      prompt: prompt_tokens,
      completion: countAt(usage['output_tokens']),
      reasoning,
      total: totalAt(usage['total_tokens']),
      documented: 'within',
    }),
    reasoning_tokens: reasoning,
  });
}
