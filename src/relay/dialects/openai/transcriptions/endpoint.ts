import type { FormEndpoint } from '../../endpoint.js';
import { openai } from '../dialect.js';
import { parseTranscript } from './request.js';
import type { EndpointDocument } from '../../document.js';
import { transcriptionsDocument, translationsDocument } from './document.js';

/** `POST /v1/audio/transcriptions`: whole or in pieces, priced by the second or by tokens. */
export const transcriptions = endpoint('/audio/transcriptions', transcriptionsDocument);

/** `POST /v1/audio/translations`: the same in English. */
export const translations = endpoint('/audio/translations', translationsDocument);

function endpoint(path: string, document: EndpointDocument): FormEndpoint {
  return {
    kind: 'form',
    dialect: openai,
    name: `/v1${path}`,
    document,
    parse: (form) => parseTranscript(path, form),
  };
}
