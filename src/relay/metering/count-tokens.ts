import { setImmediate as nextTurn } from 'node:timers/promises';
import { estimateTextTokens } from './estimate-text.js';
import { Tokenizer } from './tokenizer.js';

/** A piece this long costs the tokenizer well under a millisecond even where a whole text of equal characters would cost seconds. */
const PIECE_CHARACTERS = 384;
/** Other calls get their turn at least this often. */
const TURN_MS = 5;

export interface CountLimits {
  /** Work on one text, in milliseconds of this process; the rest is estimated. */
  readonly budgetMs: number;
}

export interface TokenCount {
  readonly tokens: number;
  /** False when a part was estimated, because the text was longer than the budget allows. */
  readonly counted: boolean;
}

let loaded: Promise<Tokenizer> | undefined;

/** Loads the tokenizer, once; at start rather than in the first call that needs it. */
export function loadTokenizer(): Promise<Tokenizer> {
  loaded ??= Tokenizer.load();
  return loaded;
}

/**
 * Tokens of a text by o200k_base, in pieces: below 1 % off the count of the whole. Bounded in time and yielding in between, so that
 * no text can hold up the process; what is left over when the time is up is estimated by estimateTextTokens.
 */
export function countTokens(text: string, limits: CountLimits): Promise<TokenCount> {
  return countEach([text], limits);
}

/** The sum of several texts, each counted by itself, within the same bounds for all of them together. */
export async function countEach(texts: readonly string[], limits: CountLimits): Promise<TokenCount> {
  const tokenizer = await loadTokenizer();
  let tokens = 0;
  let spentMs = 0;
  let counted = true;
  let turnAt = performance.now();
  for (const text of texts) {
    let from = 0;
    while (from < text.length && spentMs < limits.budgetMs) {
      const started = performance.now();
      while (from < text.length && performance.now() - started < TURN_MS) {
        const to = endOfPiece(text, from);
        tokens += tokenizer.count(text.slice(from, to));
        from = to;
      }
      spentMs += performance.now() - started;
      // Many short texts take as long as a long one.
      if (performance.now() - turnAt < TURN_MS) continue;
      await nextTurn();
      turnAt = performance.now();
    }
    if (from === text.length) continue;
    tokens += estimateTextTokens(text.slice(from));
    counted = false;
  }
  return { tokens, counted };
}

/** Not between the halves of a surrogate pair. */
function endOfPiece(text: string, from: number): number {
  const to = Math.min(from + PIECE_CHARACTERS, text.length);
  const last = text.charCodeAt(to - 1);
  return to < text.length && last >= 0xd800 && last <= 0xdbff ? to - 1 : to;
}
