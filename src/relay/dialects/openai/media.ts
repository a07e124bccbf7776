import { dataTokens, type MediaTokens } from '../../metering/estimate-nodes.js';
import { objectAt } from '../json/read.js';

/** What a picture is held at, in tokens. Vision models differ; the report decides the charge. */
const IMAGE_TOKENS = 1_500;
/** Base64 characters of sound and film, and of documents, that are held as one token: 16 kHz mono PCM and a dense PDF page stay below. */
const CLIP_CHARACTERS_PER_TOKEN = 64;
export const FILE_CHARACTERS_PER_TOKEN = 16;

/** What upstream keeps or fetches: nothing is known of its length here. */
export const REFERENCED_DOCUMENT_TOKENS = 20_000;

/** Members with sound, film or a document: OpenAI's, and those of services that speak its dialect. */
const CHARACTERS_PER_TOKEN = {
  input_audio: CLIP_CHARACTERS_PER_TOKEN,
  audio_url: CLIP_CHARACTERS_PER_TOKEN,
  video_url: CLIP_CHARACTERS_PER_TOKEN,
  file: FILE_CHARACTERS_PER_TOKEN,
  document_url: FILE_CHARACTERS_PER_TOKEN,
} as const;

/** The data of such a member, or where it is to be fetched; undefined where it is named by an id, or by nothing. */
function given(value: unknown): unknown {
  const { data, file_data, url } = objectAt(value) ?? {};
  return typeof value === 'string' ? value : (file_data ?? data ?? url);
}

/** Whether upstream fetches such a member from elsewhere. */
export function isFetched(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  const source = given(value);
  return typeof source === 'string' && ADDRESS.test(source);
}

const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i;

/** `named`: what counts for one that is only named. */
const mediaWith = (named: number): MediaTokens =>
  new Map<string, (value: unknown) => number>([
    ['image_url', () => IMAGE_TOKENS],
    ...Object.entries(CHARACTERS_PER_TOKEN).map(([name, characters]) => {
      const tokens = (value: unknown) => {
        const data = given(value);
        return data === undefined || isFetched(value) ? named : dataTokens(data, characters);
      };
      return [name, tokens] as const;
    }),
  ]);

/** Media in OpenAI's messages. The hold of a call that names some only looks at the model's window for those. */
export const media: MediaTokens = mediaWith(0);

/** The same where upstream reports nothing: what is only named counts too. */
export const countedMedia: MediaTokens = mediaWith(REFERENCED_DOCUMENT_TOKENS);

/** Members whose strings are media, addresses or ids, not text that a model reads. */
export const notText: ReadonlySet<string> = new Set([...media.keys(), 'id', 'tool_call_id', 'type']);
