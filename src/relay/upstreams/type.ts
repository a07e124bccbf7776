import type { DialectName } from '../dialects/dialect-name.js';
import type { RequestBytes, UpstreamRequest } from '../dialects/upstream-request.js';
import type { Channel } from '../channels/channel.js';

/** Where the request goes, and with which headers. */
export interface UpstreamTarget {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A kind of upstream. No header of the client's goes there but those the endpoint names. */
export interface UpstreamType {
  /** The dialects it is spoken to in. */
  readonly dialects: readonly DialectName[];
  target(channel: Channel, request: UpstreamRequest<RequestBytes>): UpstreamTarget;
}
