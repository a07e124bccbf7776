import type { Endpoint } from '../../endpoint.js';
import { openai } from '../dialect.js';
import { parseCompact, parseResponse } from './request.js';
import { compactDocument, responsesDocument } from './document.js';

/**
 * `POST /v1/responses`. What an earlier response left at upstream (`previous_response_id`, `conversation`) sends the call there: upstream
 * reports what it cost, and what that exceeds the hold by is recorded as overshoot.
 */
export const responses: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: '/v1/responses',
  document: responsesDocument,
  parse: parseResponse,
};

/** `POST /v1/responses/compact`: the conversation made shorter, which upstream alone can read. */
export const compact: Endpoint = {
  kind: 'call',
  dialect: openai,
  name: '/v1/responses/compact',
  document: compactDocument,
  parse: parseCompact,
};
