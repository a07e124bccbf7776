import type { Endpoint } from '../../endpoint.js';
import { openai } from '../dialect.js';
import { parseSpeech } from './request.js';
import { speechDocument } from './document.js';

/** `POST /v1/audio/speech`: sound as it comes, priced by the characters of its text. */
export const speech: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: '/v1/audio/speech',
  document: speechDocument,
  parse: parseSpeech,
};
