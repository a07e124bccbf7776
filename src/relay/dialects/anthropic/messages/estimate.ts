import { estimateMedia, estimateNode } from '../../../metering/estimate-nodes.js';
import { type JsonObject, listAt, objectAt } from '../../json/read.js';
import { media } from '../media.js';

/** What upstream says to the model about its tools, and about each tool that it brings itself (shell, editor, computer, search). */
const TOOL_INTRODUCTION_TOKENS = 500;
const BUILT_IN_TOOL_TOKENS = 1_500;
const TOKENS_PER_MESSAGE = 8;
const TOKENS_PER_CALL = 16;
/** This family's tokenizers make more tokens of a text than those the estimate of a text was measured with: a fifth more covers it. */
const TOKENIZER_PERCENT = 120;

/** Members that reach the model; the rest of the body only steers. */
const PROMPT_MEMBERS = ['system', 'messages', 'tools', 'output_config'] as const;

/** Prompt tokens of a messages request from above, in one pass over what JSON.parse gave. @throws NestedTooDeeply */
export function estimatePromptTokens(body: JsonObject): number {
  let tokens = 0;
  for (const member of PROMPT_MEMBERS) {
    if (body[member] !== undefined) tokens += estimateNode(body[member], media);
  }
  return Math.ceil((tokens * TOKENIZER_PERCENT) / 100) + framingTokens(body);
}

/** What comes on top of the text: media, and what upstream itself says to the model. */
export function tokensBesideText(body: JsonObject): number {
  return estimateMedia([body['system'], body['messages']], media) + framingTokens(body);
}

function framingTokens(body: JsonObject): number {
  const turns = listAt(body['messages']).length;
  return TOKENS_PER_CALL + turns * TOKENS_PER_MESSAGE + toolTokens(listAt(body['tools']));
}

function toolTokens(tools: readonly unknown[]): number {
  if (tools.length === 0) return 0;
  const builtIn = tools.filter((tool) => objectAt(tool)?.['input_schema'] === undefined).length;
  return TOOL_INTRODUCTION_TOKENS + builtIn * BUILT_IN_TOOL_TOKENS;
}
