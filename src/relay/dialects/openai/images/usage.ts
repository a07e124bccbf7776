import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { countAt, type JsonObject, objectAt, optionalCountAt } from '../../json/read.js';

/** The usage of an answer with pictures; undefined where upstream reports no tokens. */
export function imageUsage(payload: JsonObject, images: number): Usage | undefined {
  const usage = objectAt(payload['usage']);
  if (!usage) return undefined;
  const input = objectAt(usage['input_tokens_details']);
  const output = objectAt(usage['output_tokens_details']);
  return usageFrom({
    prompt_tokens: countAt(usage['input_tokens']),
    cached_tokens: optionalCountAt(input?.['cached_tokens']),
    prompt_image_tokens: optionalCountAt(input?.['image_tokens']),
    completion_tokens: countAt(usage['output_tokens']),
    completion_image_tokens: optionalCountAt(output?.['image_tokens']),
    images,
  });
}
