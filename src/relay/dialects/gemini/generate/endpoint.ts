import { modelMethod } from '../model-method.js';
import { GenerateRequest } from './request.js';

/** `POST /v1beta/models/{model}:generateContent`. */
export const generate = modelMethod(
  'generateContent',
  (model, body, format) => new GenerateRequest(model, body, format, false),
);

/** `POST /v1beta/models/{model}:streamGenerateContent`: in pieces, as events or as an array that grows. */
export const streamGenerate = modelMethod(
  'streamGenerateContent',
  (model, body, format) => new GenerateRequest(model, body, format, true),
);
