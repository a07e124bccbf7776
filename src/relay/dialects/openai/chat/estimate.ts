import { estimateNode } from '../../../metering/estimate-nodes.js';
import type { JsonObject } from '../../json/read.js';
import { media } from '../media.js';

/** The framing of a chat (role, separators, priming of the answer), from above. */
const TOKENS_PER_MESSAGE = 8;
const TOKENS_PER_CALL = 16;

/** Members that reach the model as text or as structure; the rest of the body only steers. */
const PROMPT_MEMBERS = ['tools', 'functions', 'response_format', 'prediction'] as const;

/** Prompt tokens of a chat from above. @throws NestedTooDeeply */
export function estimateChat(messages: readonly unknown[], body: JsonObject): number {
  let tokens = TOKENS_PER_CALL;
  for (const message of messages) tokens += TOKENS_PER_MESSAGE + estimateNode(message, media);
  for (const member of PROMPT_MEMBERS) {
    if (body[member] !== undefined) tokens += estimateNode(body[member], media);
  }
  return tokens;
}
