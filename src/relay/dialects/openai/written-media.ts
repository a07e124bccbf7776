import { dataTokens } from '../../metering/estimate-nodes.js';
import { type JsonObject, listAt, objectAt } from '../json/read.js';

/** A picture that a model made, of the largest common size and quality, in tokens; and one that is only half drawn. */
const PICTURE_TOKENS = 4_160;
const PARTIAL_PICTURE_TOKENS = 1_056;
/** Base64 characters of sound a token: in streams it is PCM of 24 kHz at 20 tokens a second or less, in whole answers it may be compressed. */
const STREAMED_SOUND_CHARACTERS_PER_TOKEN = 1_600;
const SOUND_CHARACTERS_PER_TOKEN = 256;
/** Of thoughts that are sealed. */
const SEALED_CHARACTERS_PER_TOKEN = 4;

/**
 * Tokens of what a model made in a chat beside text, from above: sound, pictures, sealed thoughts. For an answer without a usage, whole or cut.
 */
export function chatMediaTokens(payload: JsonObject): number {
  let tokens = 0;
  for (const choice of listAt(payload['choices'])) {
    const { delta, message } = objectAt(choice) ?? {};
    tokens += mediaOf(objectAt(delta), STREAMED_SOUND_CHARACTERS_PER_TOKEN);
    tokens += mediaOf(objectAt(message), SOUND_CHARACTERS_PER_TOKEN);
  }
  return tokens;
}

function mediaOf(message: JsonObject | undefined, soundCharacters: number): number {
  if (!message) return 0;
  const { audio, images, content, reasoning_details: details } = message;
  const sound = objectAt(audio)?.['data'];
  let tokens = typeof sound === 'string' ? dataTokens(sound, soundCharacters) : 0;
  for (const part of [...listAt(images), ...listAt(content)]) {
    if (objectAt(part)?.['image_url'] !== undefined) tokens += PICTURE_TOKENS;
  }
  for (const detail of listAt(details)) tokens += sealedTokens(objectAt(detail)?.['data']);
  return tokens;
}

/** The same of a whole response: reasoning that is handed out sealed only. Its pictures are charged by the piece. */
export function responseMediaTokens(response: JsonObject): number {
  let tokens = 0;
  for (const value of listAt(response['output'])) {
    const item = objectAt(value) ?? {};
    if (item['type'] === 'reasoning') tokens += sealedTokens(item['encrypted_content']);
  }
  return tokens;
}

/** The same of one of its events. */
export function eventMediaTokens(event: JsonObject): number {
  const { type, delta } = event;
  if (type === 'response.image_generation_call.partial_image') return PARTIAL_PICTURE_TOKENS;
  const isSound = type === 'response.audio.delta' || type === 'response.output_audio.delta';
  return isSound && typeof delta === 'string' ? dataTokens(delta, STREAMED_SOUND_CHARACTERS_PER_TOKEN) : 0;
}

const sealedTokens = (data: unknown): number =>
  typeof data === 'string' && data !== '' ? dataTokens(data, SEALED_CHARACTERS_PER_TOKEN) : 0;
