import { estimateTextTokens } from '../../metering/estimate-text.js';

/** What a part that is no text is held at, in tokens. Vision models differ; the report decides the charge. */
const IMAGE_TOKENS = 1_500;
/** Base64 characters of audio and of documents that are held as one token: 16 kHz mono PCM and a dense PDF page stay below. */
const AUDIO_CHARACTERS_PER_TOKEN = 64;
const FILE_CHARACTERS_PER_TOKEN = 16;
/** The framing of a chat (role, separators, priming of the answer), from above. */
const TOKENS_PER_MESSAGE = 8;
const TOKENS_PER_CALL = 16;
/** Separators around a member or an element of structured input, such as a tool's schema. */
const TOKENS_PER_NODE = 2;
const MAX_DEPTH = 64;

/** The request nests deeper than any real one: refused, so that walking it cannot exhaust the stack. */
export class NestedTooDeeply extends Error {
  override readonly name = 'NestedTooDeeply';
}

/** Members that reach the model as text or as structure; the rest of the body only steers. */
const PROMPT_MEMBERS = ['tools', 'functions', 'response_format', 'prediction'] as const;

/**
 * Prompt tokens of a chat request from above, in one pass over what JSON.parse gave. Text by estimateTextTokens, pictures and
 * other media by flat figures and never by their base64 text. @throws NestedTooDeeply
 */
export function estimatePromptTokens(body: Readonly<Record<string, unknown>>): number {
  let tokens = TOKENS_PER_CALL;
  for (const message of body['messages'] as readonly unknown[]) {
    tokens += TOKENS_PER_MESSAGE + nodeTokens(message, 0);
  }
  for (const member of PROMPT_MEMBERS) {
    if (body[member] !== undefined) tokens += nodeTokens(body[member], 0);
  }
  return tokens;
}

function nodeTokens(node: unknown, depth: number): number {
  if (depth > MAX_DEPTH) throw new NestedTooDeeply(`deeper than ${MAX_DEPTH} levels`);
  if (typeof node === 'string') return estimateTextTokens(node);
  if (typeof node === 'number') return String(node).length;
  if (node === null || typeof node !== 'object') return 1;
  let tokens = 0;
  if (Array.isArray(node)) {
    for (const element of node) tokens += nodeTokens(element, depth + 1);
    return tokens;
  }
  for (const [name, value] of Object.entries(node)) {
    tokens +=
      mediaTokens(name, value) ?? TOKENS_PER_NODE + estimateTextTokens(name) + nodeTokens(value, depth + 1);
  }
  return tokens;
}

/** Undefined where the member is no medium and counts as what it is. */
function mediaTokens(name: string, value: unknown): number | undefined {
  switch (name) {
    case 'image_url':
    case 'video_url':
      return IMAGE_TOKENS;
    case 'input_audio':
      return Math.ceil(dataLength(value, 'data') / AUDIO_CHARACTERS_PER_TOKEN) + TOKENS_PER_NODE;
    case 'file':
      return Math.ceil(dataLength(value, 'file_data') / FILE_CHARACTERS_PER_TOKEN) + TOKENS_PER_NODE;
    default:
      return undefined;
  }
}

function dataLength(medium: unknown, member: string): number {
  const data = (medium as Record<string, unknown> | null)?.[member];
  return typeof data === 'string' ? data.length : 0;
}
