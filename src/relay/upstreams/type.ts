import type { IncomingHttpHeaders } from 'node:http';
import type { ChannelSettings } from '../../domain/channel/settings.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import type { RequestBytes, UpstreamRequest } from '../dialects/upstream-request.js';

/** What a kind of upstream needs to know of a channel: its settings and one of its keys, open. Never logged as a whole. */
export interface ChannelAccess {
  readonly channelId: string;
  readonly keyId: string;
  readonly settings: ChannelSettings;
  readonly apiKey: string;
  /** `user:password` for the channel's proxy, open. */
  readonly proxyCredentials: string | undefined;
}

/** Where a request goes. */
export interface UpstreamPlace {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
}

/** Where the request goes, and with which headers. */
export interface UpstreamTarget extends UpstreamPlace {
  readonly headers: Readonly<Record<string, string>>;
  /** Instead of the request's own, where the upstream wants it otherwise. */
  readonly body?: RequestBytes;
}

/** What is answered. */
export interface DecodedCall {
  readonly channel: ChannelAccess;
  /** Of the request, as the dialect said it. */
  readonly path: string;
}

/** A kind of upstream. No header of the client's goes there but those the endpoint names. */
export interface UpstreamType {
  /** The dialects it is spoken to in. */
  readonly dialects: readonly DialectName[];
  /** Where it depends on a channel's settings. */
  readonly dialectsOf?: (settings: ChannelSettings) => readonly DialectName[];
  /**
   * Makes a request ready for this channel: its address, its key, a signature, a token that is fetched first. `request` has the channel's
   * parameters already, so that its body may be signed; headers that the channel sets or forwards are added afterwards.
   *
   * It is waited for as long as for a connection. A client that leaves meanwhile is not held up: what comes of it then is thrown away.
   * A rejection counts as `unprepared`: the channel's key is left alone for a while, another one is tried, and what the error says goes
   * nowhere, since it may hold secrets.
   */
  prepare(channel: ChannelAccess, request: UpstreamRequest<RequestBytes>): Promise<UpstreamTarget>;
  /** Where `prepare` sends a request to a channel of these settings, for operators to see. Asks nobody, and needs no key. */
  locate(
    settings: ChannelSettings,
    request: Pick<UpstreamRequest, 'path' | 'query' | 'model'>,
  ): UpstreamPlace;
  /**
   * For upstreams whose answers are packed (binary frames, an envelope): asked at the head of each answer, whatever its status.
   * Undefined: its bytes are what the dialect reads.
   */
  readonly decode?: (
    status: number,
    headers: IncomingHttpHeaders,
    about: DecodedCall,
  ) => AnswerDecoder | undefined;
}

/**
 * Turns an answer's bytes into those that the dialect reads, piece by piece, in the socket's own turn. What it keeps back it bounds
 * itself. What it throws ends the attempt as `undecodable`, and the text of it goes nowhere.
 */
export interface AnswerDecoder {
  /** What the dialect sees as the answer's head. */
  readonly headers: IncomingHttpHeaders;
  /** What is whole by now; empty when nothing is. */
  push(chunk: Buffer): Buffer;
  /** Upstream has ended: the rest. Throws where something is missing. */
  finish(): Buffer;
}
