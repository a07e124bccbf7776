import { estimateTextTokens } from './estimate-text.js';

/** Separators around a member or an element of structured input, such as a tool's schema. */
const TOKENS_PER_NODE = 2;
const MAX_DEPTH = 64;

/** The request nests deeper than any real one: refused, so that walking it cannot exhaust the stack. */
export class NestedTooDeeply extends Error {
  override readonly name = 'NestedTooDeeply';
}

/**
 * Members of one dialect that hold media: name -> tokens of the value, from above; undefined where this one counts as what it is. Media
 * count by flat figures or by the length of their data, never by their base64 text.
 */
export type MediaTokens = ReadonlyMap<string, (value: unknown) => number | undefined>;

/** Tokens of a JSON value that a model reads, from above, in one pass over what JSON.parse gave. @throws NestedTooDeeply */
export function estimateNode(node: unknown, media: MediaTokens, depth = 0): number {
  if (depth > MAX_DEPTH) throw new NestedTooDeeply(`deeper than ${MAX_DEPTH} levels`);
  if (typeof node === 'string') return estimateTextTokens(node);
  if (typeof node === 'number') return String(node).length;
  if (node === null || typeof node !== 'object') return 1;
  let tokens = 0;
  if (Array.isArray(node)) {
    for (const element of node) tokens += estimateNode(element, media, depth + 1);
    return tokens;
  }
  for (const [name, value] of Object.entries(node)) {
    tokens +=
      media.get(name)?.(value) ??
      TOKENS_PER_NODE + estimateTextTokens(name) + estimateNode(value, media, depth + 1);
  }
  return tokens;
}

/** A medium given as base64 text: `charactersPerToken` of it are held as one token. */
export function dataTokens(data: unknown, charactersPerToken: number): number {
  const characters = typeof data === 'string' ? data.length : 0;
  return Math.ceil(characters / charactersPerToken) + TOKENS_PER_NODE;
}

/** Tokens of the media alone in a value that has been nested within bounds, from above. */
export function estimateMedia(node: unknown, media: MediaTokens): number {
  if (typeof node !== 'object' || node === null) return 0;
  let tokens = 0;
  for (const [name, value] of Object.entries(node))
    tokens += media.get(name)?.(value) ?? estimateMedia(value, media);
  return tokens;
}
