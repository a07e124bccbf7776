import { dataTokens, type MediaTokens } from '../../metering/estimate-nodes.js';
import { objectAt } from '../json/read.js';

/** The least a picture is held at: eight tiles and more. Large ones are cut into more tiles; their data grows with them. */
const IMAGE_TOKENS = 2_500;
/** A file elsewhere, whose length nobody here knows. */
const FILE_TOKENS = 16_384;
/** A tool that upstream runs by itself: its instructions, and results that become part of the prompt. */
const BUILT_IN_TOOL_TOKENS = 4_096;

/**
 * Base64 characters that are held as one token. Pictures: a tile of 768 × 768 has 258 tokens and seldom fewer than 25 kB. Audio has 32
 * tokens a second, video about 300, a page of a document 258 to 560; the figures hold down to 12 kbit/s, 150 kbit/s and 4 kB a page.
 */
const CHARACTERS_PER_TOKEN = { image: 100, audio: 64, wave: 512, video: 64, text: 2, file: 16 } as const;

/** Media in Gemini's parts, and the tools upstream runs by itself, under both spellings. */
export const media: MediaTokens = new Map<string, (value: unknown) => number | undefined>([
  ['inlineData', inlineTokens],
  ['inline_data', inlineTokens],
  ['fileData', fileTokens],
  ['file_data', fileTokens],
  ['thoughtSignature', signatureTokens],
  ['thought_signature', signatureTokens],
  ...[
    'googleSearch',
    'google_search',
    'googleSearchRetrieval',
    'google_search_retrieval',
    'codeExecution',
    'code_execution',
    'urlContext',
    'url_context',
  ].map((name) => [name, () => BUILT_IN_TOOL_TOKENS] as const),
]);

/** The same of what a model makes: there, thoughts are reported or not charged. */
export const written: MediaTokens = new Map(
  ['inlineData', 'inline_data'].map((name) => [name, inlineTokens] as const),
);

/** Members whose strings are media, addresses or ids, not text that a model reads. */
export const notText: ReadonlySet<string> = new Set([
  ...media.keys(),
  'id',
  'role',
  'mimeType',
  'mime_type',
  'type',
]);

function inlineTokens(value: unknown): number {
  const blob = objectAt(value);
  const type = blob?.['mimeType'] ?? blob?.['mime_type'];
  const kind = kindOf(typeof type === 'string' ? type.toLowerCase() : '');
  const tokens = dataTokens(blob?.['data'], CHARACTERS_PER_TOKEN[kind]);
  return kind === 'image' ? Math.max(IMAGE_TOKENS, tokens) : tokens;
}

function fileTokens(): number {
  return FILE_TOKENS;
}

/** Thoughts of an earlier turn, sealed. */
function signatureTokens(value: unknown): number {
  return dataTokens(value, CHARACTERS_PER_TOKEN.file);
}

function kindOf(mimeType: string): keyof typeof CHARACTERS_PER_TOKEN {
  if (/^audio\/(x-)?(wav|wave|l16|pcm)/.test(mimeType)) return 'wave';
  const [, kind] = /^(image|audio|video|text)\//.exec(mimeType) ?? [];
  return (kind as keyof typeof CHARACTERS_PER_TOKEN | undefined) ?? 'file';
}
