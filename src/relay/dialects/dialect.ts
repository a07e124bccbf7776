import type { IncomingHttpHeaders } from 'node:http';
import type { DialectName } from '../../domain/usage/dialects.js';
import type { RelayError } from '../errors.js';
import type { RateState } from '../limits/call-limits.js';
import type { DialectDocument } from './document.js';
import type { RequestFacts } from './request-facts.js';
import type { UpstreamRequest } from './upstream-request.js';

/** What all endpoints of one dialect have in common. */
export interface Dialect {
  readonly name: DialectName;
  readonly document: DialectDocument;
  /** What its clients call `x-request-id`, where it is something else. */
  readonly requestIdHeader?: string;
  /** Whether a request for a path that nobody knows is one of this dialect's, to be answered in it. */
  claims(path: string, headers: IncomingHttpHeaders): boolean;
  /** Where this dialect's clients put their key; undefined when there is none. What it answers need not be a key of ours. */
  accessKey(facts: RequestFacts): string | undefined;
  /** A refusal as a whole answer. `requestId` for dialects that repeat it in the body. */
  errorAnswer(error: RelayError, requestId: string): ErrorAnswer;
  /** What is left of the limits, in the headers that its clients look for. `nowMs`: milliseconds since 1970. */
  rateHeaders(rate: RateState, nowMs: number): Record<string, string>;
  /** The smallest call a model can be asked: whether it answers is the question, not what. `model`: as it is called upstream. */
  checkRequest(model: string): UpstreamRequest;
}

/** Its headers without `x-request-id` and `content-length`, which every answer has. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
