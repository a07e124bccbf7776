import type { IncomingHttpHeaders } from 'node:http';
import type { Candidates } from '../channels/candidates.js';
import { clientRetryAfter, upstreamRequestId } from '../upstreams/answer-facts.js';
import { type Channel, upstreamModelOf } from '../upstreams/channel.js';
import { judge, limitResetMs, retryAfterMs, type Verdict } from '../upstreams/failure.js';
import { sendTo } from '../upstreams/transport/send.js';
import type { UpstreamAnswer, UpstreamExchange } from '../upstreams/transport/exchange.js';
import { quotesKey } from '../upstreams/without-secrets.js';
import type { ClientResponse } from './client-response.js';
import { spokenTo } from '../conversions/converting.js';
import type { AnyCallRequest, SpokenCall } from '../dialects/call-request.js';
import type { FailedAnswer } from '../dialects/read-answer.js';
import type { RelayError } from '../errors.js';
import type { CallServices } from './call-services.js';
import type { Answered, Outcome } from './outcome.js';
import { inWords, type Tried } from './in-words.js';
import { StreamAnswer } from './stream-answer.js';

/** What all attempts of one call have in common. */
export interface AttemptedCall {
  readonly request: AnyCallRequest;
  readonly loweredLimit: number | undefined;
  /** Of the output of a choice, as the call is held; never above the client's. */
  readonly heldLimit: number;
  /** The client's. */
  readonly headers: IncomingHttpHeaders;
  /** What is the same for all calls of one account's conversation, and of no other. A name, and not what it was found in. */
  readonly conversation: string | undefined;
  /** performance.now() at the call's start. */
  readonly startedMs: number;
}

export type AttemptsParts = Pick<
  CallServices,
  'pools' | 'traffic' | 'retirement' | 'observer' | 'now' | 'settings'
>;

/** Sends a call to one channel after the other until one answers, or until the first byte has gone out. */
export class Attempts {
  /** The exchange and the stream under way, for whoever must break them off. */
  exchange: UpstreamExchange | undefined;
  stream: StreamAnswer | undefined;
  private stopped = false;

  constructor(
    private readonly parts: AttemptsParts,
    private readonly client: ClientResponse,
    private readonly call: AttemptedCall,
  ) {}

  async run(candidates: Candidates): Promise<Outcome> {
    const { maxAttempts, retryWithinMs } = this.parts.settings;
    let last: Outcome | undefined;
    for (let tried = 0; tried < maxAttempts; tried++) {
      const admitted = await candidates.next();
      if (!admitted) break;
      const { channel, leave } = admitted;
      // Nobody waits for it any more: then upstream is not to begin with it.
      if (this.stopped || this.client.gone) {
        leave();
        return (
          last ?? { kind: 'failed', channelId: null, error: { code: 'shutting_down', retryAfterMs: 1_000 } }
        );
      }
      const { outcome, verdict } = await this.attempt(channel).finally(leave);
      const outOfTime = performance.now() - this.call.startedMs > retryWithinMs;
      if (!verdict?.retry || this.stopped || this.client.gone || outOfTime) return outcome;
      candidates.drop(channel, verdict);
      last = outcome;
    }
    // Every channel has as many calls as it may have.
    return last ?? { kind: 'failed', channelId: null, error: { code: 'overloaded', retryAfterMs: 1_000 } };
  }

  /** Breaks off what is under way; nothing further is tried. */
  stop(): void {
    this.stopped = true;
    this.exchange?.abort();
  }

  private async attempt(channel: Channel): Promise<Tried> {
    const { request, heldLimit, conversation } = this.call;
    const spoken = spokenTo(channel, request, heldLimit, conversation);
    const tried = await this.ask(channel, spoken);
    const { outcome } = tried;
    if (outcome.kind !== 'error' || this.stopped || this.client.gone)
      return inWords(spoken, tried, this.client);
    const otherwise = spoken.rephrased?.(outcome.status, outcome.body);
    if (!otherwise) return inWords(spoken, tried, this.client);
    return inWords(otherwise, await this.ask(channel, otherwise), this.client);
  }

  private async ask(channel: Channel, spoken: SpokenCall): Promise<Tried> {
    const { request } = this.call;
    const upstreamModel = upstreamModelOf(channel, request.model);
    const stream = request.streamed ? new StreamAnswer(this.client, spoken) : undefined;
    const sentMs = performance.now();
    this.exchange = this.send(channel, spoken, upstreamModel, stream);
    this.stream = stream;
    stream?.feed(this.exchange);
    const answer = await this.exchange.answer;
    const durationMs = performance.now() - sentMs;
    if (answer.kind === 'failed') {
      if (this.wasLeft) {
        const by = { channel, upstreamModel, upstreamRequestId: null, convertedBy: spoken.convertedBy };
        return { outcome: { kind: 'left', by, promptUsage: undefined } };
      }
      const verdict =
        this.stopped || this.client.gone ? ABORTED : judge({ kind: 'network', failure: answer.failure });
      return this.failed({ channel, upstreamModel, durationMs }, verdict);
    }
    const by = {
      channel,
      upstreamModel,
      upstreamRequestId: upstreamRequestId(answer.headers, channel),
      convertedBy: spoken.convertedBy,
      durationMs,
    };
    if (answer.kind === 'whole') return this.whole(by, spoken, answer);
    if (!stream) throw new Error('a stream without anybody to take it');
    this.answered(by);
    return this.streamed(by, stream);
  }

  /** What is sent is in no hand but the exchange's: it is let go with the last byte of it. */
  private send(
    channel: Channel,
    spoken: SpokenCall,
    upstreamModel: string,
    stream: StreamAnswer | undefined,
  ): UpstreamExchange {
    const { headers, loweredLimit } = this.call;
    return sendTo(this.parts.pools, channel, spoken.forward(upstreamModel, loweredLimit), headers, stream);
  }

  private whole(
    by: Attempted,
    spoken: SpokenCall,
    answer: Extract<UpstreamAnswer, { kind: 'whole' }>,
  ): Tried {
    const { request } = this.call;
    const read = spoken.readAnswer(answer.status, answer.headers, answer.body);
    if (read.kind === 'error') {
      return this.refused(by, read, answer.headers);
    }
    // A whole answer where a stream was asked for is not what it should be.
    if (read.kind === 'bad' || (request.streamed && !request.answersWhole))
      return this.failed(by, judge({ kind: 'bad-body' }));
    this.answered(by);
    return { outcome: { kind: 'completion', by, body: read.body ?? answer.body, read } };
  }

  private async streamed(by: Attempted, stream: StreamAnswer): Promise<Tried> {
    const end = await stream.over;
    const outcome = { kind: 'stream', by, stream, end } as const;
    if (end !== 'cut') return { outcome };
    const { failure } = stream;
    if (failure === undefined && !stream.begun && stream.sifter.error) {
      const { error } = stream.sifter;
      return error.kind === 'error'
        ? this.refused(by, error, {})
        : this.failed(by, judge({ kind: 'bad-body' }));
    }
    if (this.wasLeft && !stream.begun) {
      const { promptUsage = stream.sifter.usage, serviceTier, leaves } = stream.sifter;
      return { outcome: { kind: 'left', by, promptUsage, serviceTier, leaves } };
    }
    const verdict = this.stopped ? ABORTED : judge({ kind: 'network', failure: failure ?? 'broken' });
    const tried = this.failed(by, verdict);
    return stream.begun ? { outcome, verdict: { ...verdict, retry: false } } : tried;
  }

  /** Upstream was at work on the request when its client went. */
  private get wasLeft(): boolean {
    return this.client.gone && this.exchange?.aborted === true && this.exchange.atWork;
  }

  private refused(
    by: Attempted,
    { status, body }: Extract<FailedAnswer, { kind: 'error' }>,
    headers: IncomingHttpHeaders,
  ): Tried {
    const now = this.parts.now();
    const waits = { retryAfterMs: retryAfterMs(headers, now), resetMs: limitResetMs(headers, now) };
    const verdict = judge({ kind: 'error', status, body, ...waits });
    const failed = this.failed(by, verdict);
    if (verdict.permanent !== undefined) {
      this.parts.retirement.retire(by.channel, `${verdict.permanent} (${verdict.reason})`);
    }
    // What is wrong with the channel's key is nothing a client could mend, and a key that is quoted back must not reach one.
    if (status === 401 || verdict.permanent !== undefined || quotesKey(body, by.channel)) return failed;
    const { channelId } = by.channel;
    return {
      outcome: { kind: 'error', channelId, status, body, retryAfter: clientRetryAfter(headers) },
      verdict,
    };
  }

  private answered({ channel, upstreamModel, durationMs }: Timed): void {
    this.parts.traffic.answered(channel, upstreamModel, durationMs);
    this.parts.observer.upstreamAnswered({ channelId: channel.channelId, durationMs });
  }

  private failed(by: Timed, verdict: Verdict): Tried {
    const { channel, upstreamModel, durationMs } = by;
    const { channelId } = channel;
    // A complaint about the request is an answer.
    if (verdict.fault === 'client') this.answered(by);
    if (verdict !== ABORTED) {
      this.parts.observer.upstreamFailed({ channelId, reason: verdict.reason });
      this.parts.traffic.failed(channel, upstreamModel, verdict, durationMs);
    }
    const error: RelayError = this.stopped
      ? { code: 'shutting_down', retryAfterMs: 1_000 }
      : { code: verdict.reason === 'timeout' ? 'upstream_timeout' : 'upstream_unavailable' };
    return { outcome: { kind: 'failed', channelId, error }, verdict };
  }
}

type Timed = Pick<Answered, 'channel' | 'upstreamModel'> & { readonly durationMs: number };
type Attempted = Answered & Timed;

/** Broken off by this side: nobody is to blame. */
const ABORTED = judge({ kind: 'network', failure: 'aborted' });
