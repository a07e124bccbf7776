import { z } from 'zod';
import { countsMaker } from '../stored/record-maker.js';

const count = z.int().min(0).max(1_000_000_000);

/** As it is stored: what is absent is 0. */
const storedUsage = z.object({
  /** All of the prompt: the cached, cache-written, audio and image tokens are part of it. */
  prompt_tokens: count,
  /** Read from the prompt cache. */
  cached_tokens: count.optional(),
  /** Written to the prompt cache, to stay for five minutes. */
  cache_write_tokens: count.optional(),
  /** Written to the prompt cache, to stay for an hour. */
  cache_write_1h_tokens: count.optional(),
  prompt_audio_tokens: count.optional(),
  prompt_image_tokens: count.optional(),
  /** All of the output: the reasoning, audio and image tokens are part of it. */
  completion_tokens: count,
  reasoning_tokens: count.optional(),
  completion_audio_tokens: count.optional(),
  completion_image_tokens: count.optional(),
  /** Pictures made. */
  images: count.optional(),
  /** Length of the sound that was heard or made, in milliseconds. */
  media_ms: count.optional(),
  /** Unicode code points of the text that was spoken. */
  characters: count.optional(),
  /** Searches of the web that upstream ran, and a reranker's search units. */
  searches: count.optional(),
  /** Searches in files that upstream keeps. */
  file_searches: count.optional(),
  /** Machines on which upstream ran code for the call. */
  code_sessions: count.optional(),
});

/** What a call used, in one shape for all dialects. In memory every count is there. */
export type Usage = { readonly [Name in keyof z.infer<typeof storedUsage>]-?: number };

export const usageSchema = z.codec(storedUsage, z.custom<Usage>(), {
  decode: (stored) => usageFrom(stored),
  encode: (usage) => sparse(usage),
});

export const usageCounts = Object.keys(storedUsage.shape) as readonly (keyof Usage)[];

type CountOf<Kind extends string> = `${Kind}_tokens`;
/** `cached` for `cached_tokens`. */
export type TokenKind = {
  [Name in keyof Usage]: Name extends CountOf<infer Kind> ? Kind : never;
}[keyof Usage];
/** Whatever is counted beside tokens. */
export type UnitKind = Exclude<keyof Usage, CountOf<string>>;

const isTokenCount = (name: keyof Usage) => name.endsWith('_tokens');
export const tokenKinds = usageCounts
  .filter(isTokenCount)
  .map((name) => name.slice(0, -'_tokens'.length)) as readonly TokenKind[];
export const unitKinds = usageCounts.filter((name) => !isTokenCount(name)) as readonly UnitKind[];

/** Counts that are not given are 0. A call makes one, and all of them have one hidden class. */
export const usageFrom: (counts: { readonly [Name in keyof Usage]?: number | undefined }) => Usage =
  countsMaker(usageCounts);

/** What two parts of a call used together. */
export const addUsage = (one: Usage, other: Usage): Usage =>
  usageFrom(Object.fromEntries(usageCounts.map((name) => [name, one[name] + other[name]])));

/** In the schema's order, which the fast reading of a stored charge counts on. */
function sparse(usage: Usage): z.infer<typeof storedUsage> {
  const stored: Partial<Record<keyof Usage, number>> = {};
  for (const name of usageCounts)
    if (usage[name] !== 0 || name === 'prompt_tokens' || name === 'completion_tokens')
      stored[name] = usage[name];
  return stored as z.infer<typeof storedUsage>;
}
