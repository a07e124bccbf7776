import { estimateNode } from '../../metering/estimate-nodes.js';
import { collectTexts } from '../json/texts.js';
import { media, notText } from './media.js';

/** Framing of a call, and of a turn, from above. */
const TOKENS_PER_CALL = 16;
const TOKENS_PER_TURN = 8;

/** Prompt tokens from above, of the values that reach the model: contents, instruction, tools, schemas. @throws NestedTooDeeply */
export function estimatePrompt(values: readonly unknown[]): number {
  let tokens = TOKENS_PER_CALL;
  for (const value of values) {
    if (value === undefined || value === null) continue;
    tokens += estimateNode(value, media) + TOKENS_PER_TURN * (Array.isArray(value) ? value.length : 1);
  }
  return tokens;
}

/** The text of the same values. */
export function promptTextOf(values: readonly unknown[]): string {
  const texts: string[] = [];
  for (const value of values) collectTexts(value, notText, texts);
  return texts.join('\n');
}

/** Tokens of pictures, sounds and files in the same values, from above. The values have been nested within bounds. */
export function estimateMedia(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 0;
  let tokens = 0;
  for (const [name, value] of Object.entries(node))
    tokens += media.get(name)?.(value) ?? estimateMedia(value);
  return tokens;
}
