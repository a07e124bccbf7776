import type { Usage } from '../../../../domain/pricing/usage.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { hasFigures } from '../../reported-counts.js';
import { tokenUsage } from '../token-usage.js';

/**
 * The usage of an answer with pictures; undefined where upstream reports no tokens. Some (Doubao) do not count the prompt: then it is counted
 * here.
 */
export function imageUsage(payload: JsonObject, images: number): Usage | undefined {
  const usage = objectAt(payload['usage']);
  return usage && hasFigures(usage) ? { ...tokenUsage({ input_tokens: 0, ...usage }), images } : undefined;
}
