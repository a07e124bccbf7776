import { modelMethod } from '../model-method.js';
import { EmbedRequest } from './request.js';
import { batchEmbedDocument, embedDocument } from './document.js';

/** `POST /v1beta/models/{model}:embedContent`. */
export const embed = modelMethod(
  'embedContent',
  embedDocument,
  (model, body, format) => new EmbedRequest(model, body, format, 'one'),
);

/** `POST /v1beta/models/{model}:batchEmbedContents`. */
export const batchEmbed = modelMethod(
  'batchEmbedContents',
  batchEmbedDocument,
  (model, body, format) => new EmbedRequest(model, body, format, 'batch'),
);
