import type { FormEndpoint } from '../../endpoint.js';
import { openai } from '../dialect.js';
import { parseTranscript } from './request.js';

/** `POST /v1/audio/transcriptions`: whole or in pieces, priced by the second or by tokens. */
export const transcriptions = endpoint('/audio/transcriptions');

/** `POST /v1/audio/translations`: the same in English. */
export const translations = endpoint('/audio/translations');

function endpoint(path: string): FormEndpoint {
  return { kind: 'form', dialect: openai, name: `/v1${path}`, parse: (form) => parseTranscript(path, form) };
}
