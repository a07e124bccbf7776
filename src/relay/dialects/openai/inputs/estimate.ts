import { estimateNode } from '../../../metering/estimate-nodes.js';
import { estimateTextTokens } from '../../../metering/estimate-text.js';
import { collectTexts } from '../../json/texts.js';
import { media, notText } from '../media.js';

/**
 * Tokens of an input from above: a text, texts, a list of token numbers, lists of those, or parts with media. What is a number is one token.
 * @throws NestedTooDeeply
 */
export function estimateInput(input: unknown): number {
  if (typeof input === 'string') return estimateTextTokens(input);
  if (!Array.isArray(input)) return estimateNode(input, media);
  let tokens = 0;
  for (const element of input) {
    if (typeof element === 'number') tokens++;
    else if (isTokenList(element)) tokens += element.length;
    else tokens += estimateNode(element, media);
  }
  return tokens;
}

/** The texts of an input, each to be counted by itself. A token that is given as its number stands as a letter of its own. */
export function inputTexts(input: unknown): string[] {
  if (isTokenList(input)) return [' a'.repeat(input.length)];
  const texts: string[] = [];
  for (const element of Array.isArray(input) ? input : [input]) {
    if (typeof element === 'number') texts.push(' a');
    else if (isTokenList(element)) texts.push(' a'.repeat(element.length));
    else collectTexts(element, notText, texts);
  }
  return texts;
}

/** How many inputs there are in one request. */
export function inputCount(input: unknown): number {
  return Array.isArray(input) && typeof input[0] !== 'number' ? input.length : 1;
}

function isTokenList(input: unknown): input is readonly number[] {
  return Array.isArray(input) && typeof input[0] === 'number' && typeof input.at(-1) === 'number';
}
