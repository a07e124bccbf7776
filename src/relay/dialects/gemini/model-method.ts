import type { CallRequest } from '../call-request.js';
import type { Endpoint } from '../endpoint.js';
import { type AnswerFormat, answerFormat } from './answer-format.js';
import { gemini } from './dialect.js';

/** A method of models, which is how Gemini's calls are addressed: `/v1beta/models/{model}:generateContent`. */
export const modelMethod = (
  method: string,
  parse: (model: string, body: Buffer, format: AnswerFormat) => CallRequest,
): Endpoint => ({
  kind: 'call',
  dialect: gemini,
  name: `/v1beta/models/{model}:${method}`,
  parse: (body, { parameters, query }) => parse(parameters['model'] ?? '', body, answerFormat(query)),
});
