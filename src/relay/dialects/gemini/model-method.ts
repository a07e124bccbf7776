import type { CallRequest } from '../call-request.js';
import type { Endpoint } from '../endpoint.js';
import type { RequestFacts } from '../request-facts.js';
import { type AnswerFormat, answerFormat } from './answer-format.js';
import { gemini } from './dialect.js';
import type { EndpointDocument } from '../document.js';

/** A method of models, which is how Gemini's calls are addressed: `/v1beta/models/{model}:generateContent`. */
export const modelMethod = (
  method: string,
  document: EndpointDocument,
  parse: (
    model: string,
    body: Buffer,
    format: AnswerFormat,
    facts: Pick<RequestFacts, 'headers'>,
  ) => CallRequest,
): Endpoint => ({
  kind: 'call',
  dialect: gemini,
  name: `/v1beta/models/{model}:${method}`,
  document,
  parse: (body, facts) => parse(facts.parameters['model'] ?? '', body, answerFormat(facts.query), facts),
});
