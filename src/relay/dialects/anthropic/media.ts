import { dataTokens, type MediaTokens } from '../../metering/estimate-nodes.js';
import { estimateTextTokens } from '../../metering/estimate-text.js';
import { objectAt } from '../json/read.js';

/** The largest picture of the newest models; older ones stop at 1,600. The report decides the charge. */
const IMAGE_TOKENS = 4_800;
/** Base64 characters of a PDF that are held as one token: each page is read as text and seen as a picture. */
const DOCUMENT_CHARACTERS_PER_TOKEN = 8;
/** A document that upstream fetches by address or by id: nothing is known of its size here. */
const REFERENCED_DOCUMENT_TOKENS = 20_000;
/** Base64 characters of an encrypted search result, or of sealed thoughts, that are held as one token. */
export const SEALED_CHARACTERS_PER_TOKEN = 4;

/** Media in Anthropic's messages, and what is no prompt at all: marks, and proofs that upstream takes off again. */
export const media: MediaTokens = new Map([
  ['source', sourceTokens],
  ['encrypted_content', (value: unknown) => dataTokens(value, SEALED_CHARACTERS_PER_TOKEN)],
  ['cache_control', () => 0],
  ['signature', () => 0],
]);

/** Members whose strings are media, marks, proofs or ids, not text that a model reads. */
export const notText: ReadonlySet<string> = new Set([
  ...['data', 'url', 'media_type', 'encrypted_content', 'cache_control', 'signature'],
  ...['id', 'tool_use_id', 'file_id', 'type'],
]);

function sourceTokens(value: unknown): number | undefined {
  const source = objectAt(value);
  switch (source?.['type']) {
    case 'base64': {
      const isImage = String(source['media_type']).startsWith('image/');
      return isImage ? IMAGE_TOKENS : dataTokens(source['data'], DOCUMENT_CHARACTERS_PER_TOKEN);
    }
    case 'url':
      return /\.pdf(\?|#|$)/i.test(String(source['url'])) ? REFERENCED_DOCUMENT_TOKENS : IMAGE_TOKENS;
    case 'file':
      return REFERENCED_DOCUMENT_TOKENS;
    case 'text':
      return estimateTextTokens(String(source['data']));
    default:
      return undefined;
  }
}
