import { modelMethod } from '../model-method.js';
import { GenerateRequest } from './request.js';
import { generateDocument, streamGenerateDocument } from './document.js';

/** `POST /v1beta/models/{model}:generateContent`. */
export const generate = modelMethod(
  'generateContent',
  generateDocument,
  (model, body, format, { headers }) => new GenerateRequest(model, body, format, false, headers),
);

/** `POST /v1beta/models/{model}:streamGenerateContent`: in pieces, as events or as an array that grows. */
export const streamGenerate = modelMethod(
  'streamGenerateContent',
  streamGenerateDocument,
  (model, body, format, { headers }) => new GenerateRequest(model, body, format, true, headers),
);
