import type { Channel } from './channels/channel.js';
import { upstreamModelOf } from './channels/channel.js';
import type { UpstreamAnswer, UpstreamExchange, UpstreamPools } from './channels/upstream.js';
import { upstreamTypeOf } from './channels/upstream-types.js';
import type { ClientResponse } from './client-response.js';
import type { CallRequest, FailedAnswer, ReadAnswer } from './dialects/dialect.js';
import type { RelayError } from './errors.js';
import type { RelayDependencies } from './ports.js';
import { StreamAnswer, type StreamEnd } from './stream-answer.js';

/** Who answered, for the charge. */
export interface Answered {
  readonly channel: Channel;
  readonly upstreamModel: string;
  readonly upstreamRequestId: string | null;
}

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
  /** Upstream's own error, or ours where it gave none; `channelId` is the last one tried. */
  | {
      readonly kind: 'error';
      readonly channelId: string | null;
      readonly status: number;
      readonly body: Buffer;
      readonly retryAfter: string | undefined;
    }
  | { readonly kind: 'failed'; readonly channelId: string | null; readonly error: RelayError };

/** What one channel made of the call, and whether another may be asked. */
interface Tried {
  readonly outcome: Outcome;
  readonly retry: 'no' | 'next' | 'same-once';
}

/** Sends a call to one channel after the other until one answers, or until the first byte has gone out. */
export class Attempts {
  /** The exchange and the stream under way, for whoever must break them off. */
  exchange: UpstreamExchange | undefined;
  stream: StreamAnswer | undefined;
  private stopped = false;

  constructor(
    private readonly dependencies: Pick<RelayDependencies, 'observer' | 'draw' | 'settings'>,
    private readonly pools: UpstreamPools,
    private readonly client: ClientResponse,
    private readonly request: CallRequest,
    private readonly loweredLimit: number | undefined,
  ) {}

  /** `channels` is not empty; they are tried in this order. */
  async run(channels: readonly Channel[]): Promise<Outcome> {
    const { maxAttempts } = this.dependencies.settings;
    let repeated = false;
    let at = 0;
    for (let tried = 1; ; tried++) {
      const channel = channels[at] as Channel;
      const { outcome, retry } = await this.attempt(channel);
      const hasNext = at + 1 < channels.length;
      const again = retry === 'same-once' && !hasNext && !repeated;
      if (retry === 'no' || this.stopped || this.client.gone || tried >= maxAttempts) return outcome;
      if (!hasNext && !again) return outcome;
      if (again) repeated = true;
      else at++;
    }
  }

  /** Breaks off what is under way; nothing further is tried. */
  stop(): void {
    this.stopped = true;
    this.exchange?.abort();
  }

  private async attempt(channel: Channel): Promise<Tried> {
    const upstreamModel = upstreamModelOf(channel, this.request.model);
    const forwarded = this.request.forward(upstreamModel, this.loweredLimit);
    const target = upstreamTypeOf(channel).target(channel, forwarded);
    const stream = this.request.streamed ? new StreamAnswer(this.client, this.request) : undefined;
    this.exchange = this.pools.send(target, forwarded.body, stream);
    this.stream = stream;
    stream?.feed(this.exchange);
    const answer = await this.exchange.answer;
    if (answer.kind === 'failed') return this.broken(channel, answer);
    const requestId = answer.headers['x-request-id'] ?? answer.headers['request-id'];
    const by = {
      channel,
      upstreamModel,
      upstreamRequestId: typeof requestId === 'string' ? requestId.slice(0, 200) : null,
    };
    if (answer.kind === 'stream' && stream) return this.streamed(by, stream);
    if (answer.kind === 'whole') return this.whole(by, answer);
    throw new Error('a stream without anybody to take it');
  }

  private whole(by: Answered, answer: Extract<UpstreamAnswer, { kind: 'whole' }>): Tried {
    const read = this.request.readAnswer(answer.status, answer.headers, answer.body);
    const retryAfter = answer.headers['retry-after'];
    if (read.kind !== 'completion') return this.refused(by, read, retryAfter);
    // A whole answer where a stream was asked for is not what it should be.
    if (this.request.streamed) return this.refused(by, { kind: 'bad' }, undefined);
    return { outcome: { kind: 'completion', by, body: answer.body, read }, retry: 'no' };
  }

  private async streamed(by: Answered, stream: StreamAnswer): Promise<Tried> {
    const end = await stream.over;
    const outcome = { kind: 'stream', by, stream, end } as const;
    if (end === 'cut' && stream.failure === undefined && !stream.begun && stream.sifter.error) {
      return this.refused(by, stream.sifter.error, undefined);
    }
    if (end === 'cut') this.note(by.channel, stream.failure ?? 'broken');
    if (end !== 'cut' || stream.begun) return { outcome, retry: 'no' };
    return { outcome: this.failure(by.channel, stream.failure === 'timeout'), retry: 'next' };
  }

  private refused(by: Answered, read: FailedAnswer, retryAfter: string | undefined): Tried {
    // An upstream that quotes the channel's key back must not hand it to a client.
    if (read.kind !== 'error' || read.body.includes(by.channel.apiKey)) {
      this.note(by.channel, 'bad-body');
      return { outcome: this.failure(by.channel, false), retry: 'next' };
    }
    const { status, body } = read;
    this.note(by.channel, `status-${status}`);
    return {
      outcome: { kind: 'error', channelId: by.channel.channelId, status, body, retryAfter },
      retry: isRetryable(status) ? 'next' : 'no',
    };
  }

  private broken(channel: Channel, answer: Extract<UpstreamAnswer, { kind: 'failed' }>): Tried {
    if (!this.client.gone && !this.stopped) this.note(channel, answer.failure);
    // A kept connection may have been closed by upstream in the very moment it was used again.
    const retry = answer.failure === 'unreachable' ? 'same-once' : 'next';
    return { outcome: this.failure(channel, answer.failure === 'timeout'), retry };
  }

  private failure(channel: Channel, timedOut: boolean): Outcome {
    const error: RelayError = this.stopped
      ? { code: 'shutting_down', retryAfterMs: 1_000 }
      : { code: timedOut ? 'upstream_timeout' : 'upstream_unavailable' };
    return { kind: 'failed', channelId: channel.channelId, error };
  }

  private note(
    channel: Channel,
    reason: Parameters<RelayDependencies['observer']['upstreamFailed']>[0]['reason'],
  ): void {
    this.dependencies.observer.upstreamFailed({ channelId: channel.channelId, reason });
  }
}

/** Worth asking another channel: it may be this one's key, quota, model list or health. */
function isRetryable(status: number): boolean {
  return status >= 500 || [401, 402, 403, 404, 408, 429].includes(status);
}
