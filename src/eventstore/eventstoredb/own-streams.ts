import type { StreamFilter } from './wire/read-request.js';

/** What the server says of other streams being deleted or limited is not told of, and their events are not looked for. */
export interface OwnStreams {
  readonly isOurs: (stream: string) => boolean;
  /** What all their names begin with: a word, and mostly a hyphen. */
  readonly prefixes: readonly string[] | undefined;
}

export const ALL_STREAMS: OwnStreams = { isOurs: () => true, prefixes: undefined };

/**
 * What the server is to look for: the words alone. It compares as people do, so that `payment-` would not be the beginning of `payment-` and
 * an accent, and a payment of such a name would never be found. What it finds beside ours is left out here.
 */
export function filterOf(prefixes: readonly string[]): StreamFilter {
  return { prefixes: wordsOf(prefixes) };
}

/** As `filterOf`, and what the server says of those streams itself: that events of theirs are gone, or are to go. */
export function filterOfAllThatConcerns(prefixes: readonly string[]): StreamFilter {
  const words = wordsOf(prefixes);
  return { prefixes: [...words, ...words.map((word) => `$$${word}`)] };
}

const wordsOf = (prefixes: readonly string[]): string[] => prefixes.map((prefix) => prefix.replace(/-$/, ''));
