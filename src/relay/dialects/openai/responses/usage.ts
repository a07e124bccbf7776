import type { Usage } from '../../../../domain/pricing/usage.js';
import { type JsonObject, objectAt } from '../../json/read.js';
import { tokenUsage } from '../token-usage.js';

/** The usage of a response; undefined when there is none (yet). */
export function responseUsage(response: JsonObject): Usage | undefined {
  const usage = objectAt(response['usage']);
  return usage && tokenUsage(usage);
}
