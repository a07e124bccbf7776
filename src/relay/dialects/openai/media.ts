import { dataTokens, type MediaTokens } from '../../metering/estimate-nodes.js';
import { objectAt } from '../json/read.js';

/** What a picture is held at, in tokens. Vision models differ; the report decides the charge. */
const IMAGE_TOKENS = 1_500;
/** Base64 characters of audio and of documents that are held as one token: 16 kHz mono PCM and a dense PDF page stay below. */
const AUDIO_CHARACTERS_PER_TOKEN = 64;
export const FILE_CHARACTERS_PER_TOKEN = 16;

/** Media in OpenAI's messages. */
export const media: MediaTokens = new Map([
  ['image_url', () => IMAGE_TOKENS],
  ['video_url', () => IMAGE_TOKENS],
  ['input_audio', (value: unknown) => dataTokens(objectAt(value)?.['data'], AUDIO_CHARACTERS_PER_TOKEN)],
  ['file', (value: unknown) => dataTokens(objectAt(value)?.['file_data'], FILE_CHARACTERS_PER_TOKEN)],
]);

/** A document that upstream keeps or fetches: nothing is known of its length here. */
export const REFERENCED_DOCUMENT_TOKENS = 20_000;

/** The same where upstream reports nothing: what is only named counts too. The hold of such a call looks at the model's window instead. */
export const countedMedia: MediaTokens = new Map([
  ...media,
  [
    'file',
    (value: unknown) => {
      const data = objectAt(value)?.['file_data'];
      return data === undefined ? REFERENCED_DOCUMENT_TOKENS : dataTokens(data, FILE_CHARACTERS_PER_TOKEN);
    },
  ],
]);

/** Members whose strings are media, addresses or ids, not text that a model reads. */
export const notText: ReadonlySet<string> = new Set([...media.keys(), 'id', 'tool_call_id', 'type']);
