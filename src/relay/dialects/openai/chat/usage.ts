import { type Usage, usageFrom } from '../../../../domain/pricing/usage.js';
import { countAt, type JsonObject, listAt, objectAt } from '../../json/read.js';
import { firstCount, hasFigures, PROMPT_NAMES } from '../../reported-counts.js';
import { tokenUsage } from '../token-usage.js';

/** The usage in an answer or a chunk; undefined when there is none. */
export function usageOf(payload: JsonObject): Usage | undefined {
  const usage = usageObject(payload);
  return usage && tokenUsage(usage);
}

/** Wherever upstreams put it: at the top, in the first choice (Kimi), in a member of their own (Groq). One that says something goes first. */
export function usageObject(payload: JsonObject): JsonObject | undefined {
  const places = [
    objectAt(payload['usage']),
    objectAt(objectAt(listAt(payload['choices'])[0])?.['usage']),
    objectAt(objectAt(payload['x_groq'])?.['usage']),
  ].filter((usage) => usage !== undefined);
  return places.length > 1 ? (places.find(hasFigures) ?? places[0]) : places[0];
}

const READ_NAMES = [...PROMPT_NAMES, 'total_tokens'] as const;

/**
 * The usage of an answer in which nothing is output: `usage` with the prompt's count or the total alone, or Cohere's
 * `meta.tokens.input_tokens`, which may be in `meta.billed_units` alone.
 */
export function inputUsage(payload: JsonObject): Usage | undefined {
  const { tokens, billed_units: billed } = objectAt(payload['meta']) ?? {};
  const usage = objectAt(payload['usage']);
  const read =
    usage && READ_NAMES.some((name) => usage[name] !== undefined)
      ? firstCount(usage, READ_NAMES)
      : (objectAt(tokens)?.['input_tokens'] ?? objectAt(billed)?.['input_tokens']);
  return read === undefined ? undefined : usageFrom({ prompt_tokens: countAt(read) });
}
