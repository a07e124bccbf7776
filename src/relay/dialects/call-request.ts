import type { IncomingHttpHeaders } from 'node:http';
import type { UsageBound } from '../../domain/pricing/worst-case.js';
import type { ConvertibleProtocol } from '../../domain/channel/conversion.js';
import type { Protocol } from '../../domain/channel/protocols.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import type { JsonObject } from './json/read.js';
import type { AnswerStream } from './answer-stream.js';
import type { ReadAnswer } from './read-answer.js';
import type { RequestAsks } from './request-members/asks.js';
import type { RequestBytes, UpstreamRequest } from './upstream-request.js';

/** What of a request decides its worst case, in any dialect. */
export interface QuotedRequest {
  readonly model: string;
  readonly promptTokens: number;
  /** The most a choice may produce, where the client said so. */
  readonly outputLimit: number | undefined;
  readonly choices: number;
  /** How many times a window of the model is filled, where it is not once a choice: once for each of the texts to embed. */
  readonly contexts?: number;
  /** The fewest output tokens of a choice with which the call can be made at all; absent: any. */
  readonly leastOutput?: number;
  /** What its members ask for that must be paid for, allowed or owned; absent: nothing of the kind. */
  readonly asks?: RequestAsks | undefined;
  /** What beside tokens the call may use, and what it cannot be billed for. */
  readonly units?: Omit<UsageBound, 'promptTokens'>;
}

/** What a client asks for: what the relay must know of it before it is sent, whichever upstream it then goes to. */
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
   * How it is said to an upstream of this protocol; undefined: it cannot be. Asked once an attempt, so what it takes to say it is made here
   * and not before; the same for the same protocol throughout the call.
   */
  spoken(protocol: Protocol): SpokenCall<Body> | undefined;
  /** What it is made of, for those that can be said in other protocols; absent: it is spoken in its own alone. */
  readonly convertible?: Convertible | undefined;
  /** The prompt's text, for counting where upstream reports nothing; several where each is a prompt of its own. */
  promptText(): string | readonly string[];
  /** Pictures, sound and documents in it, in tokens from above; absent: there can be none. */
  promptMedia?(): number;
}

/** A request that can be said otherwise than its client said it. */
export interface Convertible {
  readonly protocol: ConvertibleProtocol;
  readonly model: string;
  /** Asked for an answer in pieces. */
  readonly streamed: boolean;
  /** The client's. */
  readonly headers: IncomingHttpHeaders;
  /** In tokens, estimated. */
  readonly promptTokens: number;
  /** Its client asked to be told the usage of a stream, where it must. */
  readonly showsUsage: boolean;
  /** How an answer in pieces is framed, where clients choose. */
  readonly framing?: 'sse' | 'json';
  /** Its members. Parsed again, because keeping them would cost every call memory and only few need them. */
  body(): JsonObject;
  /** What conversions have made of it: theirs alone. Here and in no table by requests, which every collection of garbage would go through. */
  conversions?: object;
}

/** The same of a prompt whose length is asked for. */
export const countedOtherwise = (
  protocol: ConvertibleProtocol,
  model: string,
  body: () => JsonObject,
): Convertible => {
  return { protocol, model, streamed: false, headers: {}, promptTokens: 0, showsUsage: false, body };
};

/** How a call was said where that was not its client's protocol. */
export interface ConvertedBy {
  readonly dialect: DialectName;
  /** What did not survive it, by name. */
  readonly losses: readonly string[];
}

/** A call in the protocol of the upstream it goes to: what is sent, and how to read what comes back. */
export interface SpokenCall<Body extends RequestBytes = RequestBytes> {
  /**
   * The request for one attempt: the client's own bytes but for what must differ. `loweredLimit` is set where the output limit of a choice
   * must be lower than the client's.
   */
  forward(upstreamModel: string, loweredLimit: number | undefined): UpstreamRequest<Body>;
  /** What upstream's whole answer turns out to be. Never throws. */
  readAnswer(status: number, headers: IncomingHttpHeaders, body: Buffer): ReadAnswer;
  /**
   * The call said otherwise, where upstream's refusal says how it would take it; undefined: it says nothing of the kind. Asked once a
   * channel, and never of what it answers. The worst case must be the same.
   */
  rephrased?(status: number, refusal: Buffer): SpokenCall<Body> | undefined;
  /** Where it is not the client's own protocol. */
  readonly convertedBy?: ConvertedBy;
  /** Upstream's own error as the client is to have it, where that is not as upstream said it. */
  errorFor?(
    status: number,
    body: Buffer,
    requestId: string,
  ): { readonly status: number; readonly body: Buffer };
  /** Asked at the head of a 200 answer to a call with `streamed`. Undefined: this is no stream, read it whole. */
  openStream(headers: IncomingHttpHeaders): AnswerStream | undefined;
}

/** A call, whatever its body is. */
export type AnyCallRequest = CallRequest<RequestBytes>;

/** In the first of these protocols that the request can be spoken in. */
export function spokenIn(
  protocols: readonly Protocol[],
  request: Pick<AnyCallRequest, 'spoken'>,
): SpokenCall | undefined {
  for (const protocol of protocols) {
    const spoken = request.spoken(protocol);
    if (spoken) return spoken;
  }
  return undefined;
}
