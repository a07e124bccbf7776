import { bearerKey, headerKey } from '../access-key.js';
import type { Dialect } from '../dialect.js';
import { CHECK_TEXT, checkRequestOf } from '../check-request.js';
import { spanHeaders } from '../rate-headers.js';
import { geminiDocument } from './document.js';
import { errorAnswer } from './errors.js';

/** A model and what is wanted of it, in one part of the path. */
const GENERATION = /\/models\/[^/]+:\w+$/;

export const gemini: Dialect = {
  name: 'gemini',
  document: geminiDocument,
  claims: (path) => /^\/(?:v1beta|v1alpha|upload)\//.test(path) || GENERATION.test(path),
  // A key in the address goes no further than here: what is logged, recorded or sent on has no query of the client's.
  accessKey: ({ headers, query }) =>
    headerKey(headers, 'x-goog-api-key') ?? query.get('key') ?? bearerKey(headers),
  errorAnswer,
  rateHeaders: spanHeaders,
  checkRequest: (model) =>
    checkRequestOf(model, {
      path: `/models/${encodeURIComponent(model)}:generateContent`,
      json: {
        contents: [{ role: 'user', parts: [{ text: CHECK_TEXT }] }],
        generationConfig: { maxOutputTokens: 1 },
      },
    }),
};
