import type { Usage } from '../../domain/pricing/usage.js';
import type { ConvertedBy } from '../dialects/call-request.js';
import type { ReadAnswer } from '../dialects/read-answer.js';
import type { RelayError } from '../errors.js';
import type { Channel } from '../upstreams/channel.js';
import type { StreamAnswer, StreamEnd } from './stream-answer.js';

/** Who answered, for the charge. */
export interface Answered {
  readonly channel: Channel;
  readonly upstreamModel: string;
  readonly upstreamRequestId: string | null;
  /** Where it was asked in another protocol than the client's. */
  readonly convertedBy?: ConvertedBy | undefined;
}

/** What became of a call at the upstreams that were asked. */
export type Outcome =
  | {
      readonly kind: 'completion';
      readonly by: Answered;
      readonly body: Buffer;
      readonly read: Extract<ReadAnswer, { kind: 'completion' }>;
    }
  | {
      readonly kind: 'stream';
      readonly by: Answered;
      readonly stream: StreamAnswer;
      readonly end: StreamEnd;
    }
  /** The client left before the answer began, but upstream has the whole request: what it said of the prompt until then. */
  | {
      readonly kind: 'left';
      readonly by: Answered;
      readonly promptUsage: Usage | undefined;
      readonly serviceTier?: string | undefined;
      /** Ids of what it has at upstream by now. */
      readonly leaves?: readonly string[] | undefined;
    }
  /** Upstream's own error, or ours where it gave none; `channelId` is the last one tried. */
  | {
      readonly kind: 'error';
      readonly channelId: string | null;
      readonly status: number;
      readonly body: Buffer;
      readonly retryAfter: string | undefined;
    }
  | { readonly kind: 'failed'; readonly channelId: string | null; readonly error: RelayError };
