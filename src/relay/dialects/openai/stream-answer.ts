import type { StreamSink, UpstreamExchange, UpstreamFailure } from '../../channels/upstream.js';
import type { ClientResponse } from '../../client-response.js';
import { DeliveredText } from './delivered-text.js';
import { SseStream, type SseStreamOptions } from './sse-stream.js';

/** How a stream went: `complete` has its finish, whatever came after; `cut` ended without one, or with an error. */
export type StreamEnd = 'complete' | 'cut' | 'client-closed';

/**
 * One upstream's stream on its way to the client. Frames go on as they come, as fast as the client takes them; the end is kept back.
 * Until a frame has gone out (`begun`) another channel may still be tried.
 */
export class StreamAnswer implements StreamSink {
  readonly sse: SseStream;
  readonly delivered = new DeliveredText();
  /** Resolves once, when nothing more will go out but the tail. */
  readonly over: Promise<StreamEnd>;
  begun = false;
  /** Why it was cut, where upstream or its connection failed. */
  failure: UpstreamFailure | undefined;
  firstByteAtMs: number | undefined;
  /** Since when only the end is awaited. */
  holdingSinceMs: number | undefined;
  private end: StreamEnd | undefined;
  private resolve!: (end: StreamEnd) => void;
  private exchange: UpstreamExchange | undefined;

  constructor(
    private readonly client: ClientResponse,
    options: SseStreamOptions,
  ) {
    this.sse = new SseStream(options);
    this.over = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** The exchange that feeds this answer: paused while the client takes nothing, broken when the client has gone. */
  feed(exchange: UpstreamExchange): void {
    this.exchange = exchange;
  }

  chunk(bytes: Buffer): void {
    if (this.end) return;
    this.deliver(this.sse.push(bytes));
    this.look();
  }

  ended(): void {
    if (this.end) return;
    this.deliver(this.sse.finish());
    this.look();
    this.close(this.sse.holding && !this.sse.error ? 'complete' : 'cut');
  }

  failed(failure: UpstreamFailure): void {
    if (this.end) return;
    this.failure = failure;
    this.close(this.sse.holding && !this.sse.error ? 'complete' : 'cut');
  }

  clientGone(): void {
    this.close('client-closed');
    this.exchange?.abort();
  }

  clientDrained(): void {
    this.exchange?.resume();
  }

  /** Whatever is missing is not waited for any longer: a tail that does not come, or a call that takes too long. */
  giveUp(): void {
    this.failed('timeout');
    this.exchange?.abort();
  }

  private deliver(frames: Buffer): void {
    if (frames.length === 0) return;
    if (!this.begun) {
      this.begun = true;
      this.firstByteAtMs = performance.now();
      this.client.begin({ ...STREAM_HEADERS });
    }
    this.delivered.add(frames);
    if (!this.client.write(frames)) this.exchange?.pause();
  }

  private look(): void {
    if (this.sse.oversized) {
      this.failure = 'oversized';
      this.close('cut');
      this.exchange?.abort();
    } else if (this.sse.error) this.close('cut');
    else if (this.sse.done) this.close('complete');
    else if (this.sse.holding) this.holdingSinceMs ??= performance.now();
  }

  private close(end: StreamEnd): void {
    if (this.end) return;
    this.end = end;
    this.resolve(end);
  }
}

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
} as const;
