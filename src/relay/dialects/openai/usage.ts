import type { TokenUsage } from '../../../domain/pricing/price.js';

/**
 * The usage in an answer or a chunk, wherever upstreams put it (top level, or the first choice); undefined when there is none.
 * Zero is a value. Counts are as reported, also impossible ones; an absent or mistyped count is NaN, so that it is refused later and not guessed.
 */
export function usageOf(payload: Readonly<Record<string, unknown>>): TokenUsage | undefined {
  const usage = objectAt(payload['usage']) ?? objectAt(objectAt(listAt(payload['choices'])[0])?.['usage']);
  if (!usage) return undefined;
  const details = objectAt(usage['prompt_tokens_details']);
  return {
    prompt_tokens: count(usage['prompt_tokens']),
    cached_tokens: optionalCount(details?.['cached_tokens']),
    cache_write_tokens: 0,
    completion_tokens: count(usage['completion_tokens']),
  };
}

export function objectAt(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

export function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function optionalCount(value: unknown): number {
  return value === undefined || value === null ? 0 : count(value);
}
