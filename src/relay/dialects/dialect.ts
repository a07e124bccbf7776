import type { IncomingHttpHeaders } from 'node:http';
import type { Usage } from '../../domain/pricing/usage.js';
import type { AccessKey } from '../access/access-keys.js';
import type { CatalogueSnapshot } from '../catalogue.js';
import type { RequestBytes, UpstreamRequest } from './upstream-request.js';
import type { RelayError } from '../errors.js';
import type { Form } from '../multipart/form.js';
import type { QuotedRequest } from '../call/quote.js';
import type { DialectName } from './dialect-name.js';

/** What all endpoints of one dialect have in common. */
export interface Dialect {
  readonly name: DialectName;
  /** What its clients call `x-request-id`, where it is something else. */
  readonly requestIdHeader?: string;
  /** Whether a request for a path that nobody knows is one of this dialect's, to be answered in it. */
  claims(path: string, headers: IncomingHttpHeaders): boolean;
  /** Where this dialect's clients put their key; undefined when there is none. What it answers need not be a key of ours. */
  accessKey(facts: RequestFacts): string | undefined;
  /** A refusal as a whole answer. `requestId` for dialects that repeat it in the body. */
  errorAnswer(error: RelayError, requestId: string): ErrorAnswer;
}

/** Its headers without `x-request-id` and `content-length`, which every answer has. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is known of a request beside its body. */
export interface RequestFacts {
  /** Of the path's pattern, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

/** A path whose calls are held, forwarded, metered and charged. */
export interface Endpoint {
  readonly kind: 'call';
  readonly dialect: Dialect;
  /** As recorded in usage events, such as `/v1/messages`. */
  readonly name: string;
  /** Reads the whole body, once. @throws CallRefused `invalid_request` */
  parse(body: Buffer, facts: RequestFacts): CallRequest;
}

/** The same for bodies in `multipart/form-data`. */
export interface FormEndpoint extends Pick<Endpoint, 'dialect' | 'name'> {
  readonly kind: 'form';
  /** @throws CallRefused `invalid_request` */
  parse(form: Form): CallRequest<Form>;
}

/** A path that costs nothing and changes nothing: model lists, counted tokens. */
export interface FreeEndpoint {
  readonly kind: 'free';
  readonly dialect: Dialect;
  readonly name: string;
  /** Answers a JSON value. `body` is empty for a GET. Work in it must be bounded. @throws CallRefused */
  answer(asked: {
    readonly key: AccessKey;
    readonly catalogue: CatalogueSnapshot;
    readonly body: Buffer;
    readonly facts: RequestFacts;
    /** What upstream answers when it is asked how long a prompt is; undefined: it is to be counted here. */
    readonly countUpstream: (prompt: CountablePrompt) => Promise<unknown>;
  }): unknown;
}

/** A prompt that upstream can be asked the length of. */
export interface CountablePrompt {
  readonly model: string;
  forward(upstreamModel: string): UpstreamRequest;
  /** Upstream's answer as the client is to have it; undefined where it is no count. Never throws. */
  read(body: Buffer): unknown;
}

/** A call as the relay needs it: what its worst case is, what goes to upstream, and how to read what comes back. */
export interface CallRequest<Body extends RequestBytes = Buffer> extends QuotedRequest {
  /** Asked for an answer in pieces. */
  readonly streamed: boolean;
  /** An answer in one piece is one also where pieces were asked for. */
  readonly answersWhole?: boolean;
  /** Of sound that is listened to: how long it is, where upstream does not say. */
  readonly likelyMediaMs?: number;
  /** Of what is priced by the search: how many, where upstream does not say. */
  readonly likelySearches?: number;
  /**
   * The request for one attempt: the client's own bytes but for what must differ. `loweredLimit` is set where the output limit of a choice
   * must be lower than the client's.
   */
  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest<Body>;
  /** What upstream's whole answer turns out to be. Never throws. */
  readAnswer(status: number, headers: IncomingHttpHeaders, body: Buffer): ReadAnswer;
  /** Asked at the head of a 200 answer to a call with `streamed`. Undefined: this is no stream, read it whole. */
  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined;
  /** The prompt's text, for counting where upstream reports nothing. */
  promptText(): string;
}

/** A call, whatever its body is. */
export type AnyCallRequest = CallRequest<RequestBytes>;

/** What an upstream's whole answer turns out to be. */
export type ReadAnswer =
  | {
      readonly kind: 'completion';
      /** As reported, or known beforehand where the charge depends on the request only; undefined: to be counted. */
      readonly usage: Usage | undefined;
      /** Searches that upstream bills, where it says nothing of tokens: those are to be counted. */
      readonly searches?: number | undefined;
      /** What the model wrote, for counting. */
      readonly outputText: () => string;
      /** For the client, where it is not to have upstream's own. */
      readonly body?: Buffer;
      /** Where it is not JSON. */
      readonly contentType?: string;
    }
  | FailedAnswer;

export type FailedAnswer =
  /** Upstream's own error object, to be passed through with its status. */
  | { readonly kind: 'error'; readonly status: number; readonly body: Buffer }
  /** HTML, empty, truncated, an error without an error object: not what it should be. */
  | { readonly kind: 'bad' };

/**
 * An answer in pieces on its way through: says of each chunk which bytes may go on at once, and keeps back what tells the client that
 * the answer is over until the charge is durable. Pure: no clock, no socket. An answer without frames (audio) keeps back its last
 * chunk.
 */
export interface AnswerStream {
  /** What the client's head says. */
  readonly contentType: string;
  /** The last usage that came, as reported; set from the beginning where the charge depends on the request only. */
  readonly usage: Usage | undefined;
  /** More of the answer has gone through since `usage` came: it does not cover an answer that is cut here. */
  readonly usageIsStale: boolean;
  /** What upstream said of the prompt before the output, where it does: all that is known of it when the answer is cut. */
  readonly promptUsage?: Usage | undefined;
  /** What upstream reported instead of going on, as the whole answer it would be. Its frame is in the tail. */
  readonly error: FailedAnswer | undefined;
  /** Nothing after it is looked at. */
  readonly done: boolean;
  /** The answer's end has come: what comes from now on is kept back. */
  readonly holding: boolean;
  /** A frame or a tail beyond all bounds: the stream is to be cut. */
  readonly oversized: boolean;
  /** Any byte is worth the charge, also one without text. */
  readonly chargedFromFirstByte: boolean;
  /** The bytes that may go to the client now; empty when there are none. */
  push(chunk: Buffer): Buffer;
  /** Upstream has ended without cutting; what was unfinished is whole after all. The same as push. */
  finish(): Buffer;
  /** What was kept back, to be sent once the charge is durable. */
  tail(): Buffer;
  /** Hands on the text of the model in bytes that push, finish or tail gave; for heartbeats, and where upstream reports nothing. */
  readTexts(passed: Buffer, note: (text: string) => void): void;
  /** An error of ours in a stream that has begun. Undefined: there is no place for one, the connection is broken instead. */
  errorFrame(error: RelayError, requestId: string): Buffer | undefined;
}
