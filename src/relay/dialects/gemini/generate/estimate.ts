import { estimateNode } from '../../../metering/estimate-nodes.js';
import { media } from '../media.js';

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
