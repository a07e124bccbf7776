import type { Protocol } from '../../domain/channel/protocols.js';
import type { ModelDetails } from './model-details.js';
import type { Form } from '../multipart/form.js';
import type { KeyHolder } from './wallet/key-holder.js';
import type { CallRequest, Convertible } from './call-request.js';
import type { Dialect } from './dialect.js';
import type { EndpointDocument } from './document.js';
import type { RequestFacts } from './request-facts.js';
import type { UpstreamRequest } from './upstream-request.js';

/** A path whose calls are held, forwarded, metered and charged. */
export interface Endpoint {
  readonly kind: 'call';
  readonly dialect: Dialect;
  /** As recorded in usage events, such as `/v1/messages`. */
  readonly name: string;
  readonly document: EndpointDocument;
  /** Reads the whole body, once. @throws CallRefused `invalid_request` */
  parse(body: Buffer, facts: RequestFacts): CallRequest;
}

/** The same for bodies in `multipart/form-data`. */
export interface FormEndpoint extends Pick<Endpoint, 'dialect' | 'name' | 'document'> {
  readonly kind: 'form';
  /** @throws CallRefused `invalid_request` */
  parse(form: Form): CallRequest<Form>;
}

/** A path that costs nothing and changes nothing: model lists, counted tokens, what is left to spend. */
export interface FreeEndpoint {
  readonly kind: 'free';
  readonly dialect: Dialect;
  readonly name: string;
  readonly document: EndpointDocument;
  /** Answers a JSON value. `body` is empty for a GET. Work in it must be bounded. @throws CallRefused */
  answer(asked: {
    readonly models: CallableModels;
    readonly body: Buffer;
    readonly facts: RequestFacts;
    /** What upstream answers when it is asked how long a prompt is; undefined: it is to be counted here. */
    readonly countUpstream: (prompt: CountablePrompt) => Promise<unknown>;
    readonly holder: KeyHolder;
  }): unknown;
}

/** A path about something that an earlier call left at upstream: answered there, for the account whose call it was, free of charge. */
export interface KeptEndpoint extends Pick<FreeEndpoint, 'dialect' | 'name' | 'document'> {
  readonly kind: 'kept';
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** What upstream is asked. The id is the path's `id`. */
  asks(id: string, query: URLSearchParams): Pick<UpstreamRequest, 'path' | 'query'>;
}

/** The models as the caller's key may call them now, in the endpoint's dialect. */
export interface CallableModels {
  /** By name; of what only wildcards cover those that upstreams list, as far as they do. */
  names(): Promise<readonly string[]>;
  /** Whether there is an enabled channel for it that speaks the dialect, with a price, within the key's own list. */
  has(model: string): boolean;
  /** For what needs no channel: a model with a price, within the key's own list. @throws CallRefused `model_not_allowed`, `model_not_found` */
  checkPriced(model: string): void;
  /** The most that it may produce; undefined where its price says nothing of that. */
  maxOutputTokens(model: string): number | undefined;
  /** What clients are shown of one that may be called. */
  details(model: string): ModelDetails;
}

/** A prompt that upstream can be asked the length of. */
export interface CountablePrompt {
  readonly model: string;
  /** Upstreams that have no such protocol are not asked. */
  readonly protocol: Protocol;
  forward(upstreamModel: string): UpstreamRequest;
  /** Upstream's answer as the client is to have it; undefined where it is no count. Never throws. */
  read(body: Buffer): unknown;
  /** What it is made of, for upstreams of other protocols that count, and the answer to the client. */
  readonly otherwise: { readonly asked: Convertible; readonly answer: (tokens: number) => unknown };
}

/** Whatever a path leads to. */
export type AnyEndpoint = Endpoint | FormEndpoint | FreeEndpoint | KeptEndpoint;
