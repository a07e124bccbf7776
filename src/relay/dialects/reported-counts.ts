import { type JsonObject, optionalCountAt } from './json/read.js';

/** What a count is called: in chats first, then in messages and responses. Upstreams that speak several dialects mix the names up. */
export const PROMPT_NAMES = ['prompt_tokens', 'input_tokens'] as const;
export const COMPLETION_NAMES = ['completion_tokens', 'output_tokens'] as const;

/**
 * The first of the counts that is not zero, as reported: a zero under one name proves nothing of another one. 0 where there are zeros alone,
 * NaN where there is none at all, so that it is not guessed.
 */
export function firstCount(usage: JsonObject, names: readonly string[]): number {
  let first = Number.NaN;
  for (const name of names) {
    const value = usage[name];
    if (value === undefined || value === null) continue;
    first = optionalCountAt(value);
    if (first !== 0) return first;
  }
  return first;
}

/**
 * The same, where the other side of the usage is told: writers that leave zeros out leave out this one, and it says as little as a zero that
 * is there.
 */
export const countBeside = (other: number, usage: JsonObject, names: readonly string[]): number =>
  other > 0 && names.every((name) => usage[name] === undefined || usage[name] === null)
    ? 0
    : firstCount(usage, names);

/** Whether a usage says anything of prompt or output. Some upstreams put an empty one, or one of zeros, before the true one. */
export const hasFigures = (usage: JsonObject): boolean =>
  [...PROMPT_NAMES, ...COMPLETION_NAMES].some((name) => optionalCountAt(usage[name]) !== 0);
