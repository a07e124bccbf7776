import { dataTokens, estimateNode, type MediaTokens } from '../../../metering/estimate-nodes.js';
import type { JsonObject } from '../../json/read.js';
import { FILE_CHARACTERS_PER_TOKEN, media, REFERENCED_DOCUMENT_TOKENS } from '../media.js';

const TOKENS_PER_CALL = 32;
const TOKENS_PER_ITEM = 8;

/** Encrypted reasoning that a client hands back: its base64 has more characters than this for each token that was reasoned. */
const SEALED_CHARACTERS_PER_TOKEN = 4;

/** Media in items, where a file's data stands beside its name. */
export const itemMedia: MediaTokens = new Map([
  ...media,
  ['file_data', (value: unknown) => dataTokens(value, FILE_CHARACTERS_PER_TOKEN)],
  ['encrypted_content', (value: unknown) => dataTokens(value, SEALED_CHARACTERS_PER_TOKEN)],
]);

/** The same where upstream reports nothing: what is only named counts as a document, whatever it is. */
export const countedItemMedia: MediaTokens = new Map([
  ...itemMedia,
  ['file_id', () => REFERENCED_DOCUMENT_TOKENS],
  ['file_url', () => REFERENCED_DOCUMENT_TOKENS],
]);

const PROMPT_MEMBERS = ['instructions', 'tools', 'text', 'prompt'] as const;

/** Prompt tokens of what the request holds, from above. What upstream adds from an earlier response is not known. @throws NestedTooDeeply */
export function estimateResponse(body: JsonObject): number {
  let tokens = TOKENS_PER_CALL;
  const { input } = body;
  if (Array.isArray(input))
    for (const item of input) tokens += TOKENS_PER_ITEM + estimateNode(item, itemMedia);
  else if (input !== undefined) tokens += TOKENS_PER_ITEM + estimateNode(input, itemMedia);
  for (const member of PROMPT_MEMBERS) {
    if (body[member] !== undefined) tokens += estimateNode(body[member], itemMedia);
  }
  return tokens;
}
