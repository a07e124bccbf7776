import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { StreamSink, UpstreamExchange, UpstreamFailure } from '../upstreams/transport/exchange.js';
import type { ClientResponse } from './client-response.js';
import type { AnswerStream } from '../dialects/answer-stream.js';
import type { SpokenCall } from '../dialects/call-request.js';
import { DeliveredText } from '../metering/delivered-text.js';

/** What comes before the first content is held back so long and so far, and another channel can be tried meanwhile. */
const MAX_PREAMBLE_MS = 1_000;
const MAX_PREAMBLE_BYTES = 64 * 1024;
/** A stream that can say that it goes on says so when it has had nothing else to say for so long. */
const QUIET_MS = 15_000;

/** How a stream went: `complete` has its finish, whatever came after; `cut` ended without one, or with an error. */
export type StreamEnd = 'complete' | 'cut' | 'client-closed';

/**
 * One upstream's stream on its way to the client. Its pieces go on as they come, as fast as the client takes them; the end is kept back, and so
 * is what precedes the first content, for a second at most. Until something has gone out (`begun`) another channel may still be tried.
 */
export class StreamAnswer implements StreamSink {
  readonly delivered = new DeliveredText((passed, note) => this.sifter.readTexts(passed, note));
  /** Resolves once, when nothing more will go out but the tail. */
  readonly over: Promise<StreamEnd>;
  begun = false;
  /** Why it was cut, where upstream or its connection failed. */
  failure: UpstreamFailure | undefined;
  firstByteAtMs: number | undefined;
  /** Since when only the end is awaited. */
  holdingSinceMs: number | undefined;
  private hasContent = false;
  private sentAtMs = 0;
  private preamble: Buffer[] = [];
  private preambleBytes = 0;
  private preambleTimer: NodeJS.Timeout | undefined;
  private end: StreamEnd | undefined;
  private resolve!: (end: StreamEnd) => void;
  private exchange: UpstreamExchange | undefined;
  private opened: AnswerStream | undefined;

  constructor(
    private readonly client: ClientResponse,
    private readonly spoken: Pick<SpokenCall, 'openStream'>,
  ) {
    this.over = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** The exchange that feeds this answer: paused while the client takes nothing, broken when the client has gone. */
  feed(exchange: UpstreamExchange): void {
    this.exchange = exchange;
  }

  opens(headers: IncomingHttpHeaders): boolean {
    this.opened = this.spoken.openStream(headers);
    return this.opened !== undefined;
  }

  /** What sifts the stream, once its head has come. */
  get sifter(): AnswerStream {
    if (!this.opened) throw new Error('the stream has not been opened');
    return this.opened;
  }

  /** The head of the answer to the client. */
  get headers(): OutgoingHttpHeaders {
    return {
      'content-type': this.sifter.contentType,
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
      ...this.sifter.headers,
    };
  }

  /** Whether the client has had anything that is worth a charge. */
  get worthCharging(): boolean {
    return this.begun && (this.sifter.chargedFromFirstByte || this.hasContent);
  }

  /** What the client has still to get, once the charge is durable: what opens the answer, where it has not begun, and its end. */
  rest(): readonly Buffer[] {
    return [...this.preamble, this.sifter.tail()];
  }

  chunk(bytes: Buffer): void {
    if (this.end) return;
    this.deliver(this.sifter.push(bytes));
    this.look();
  }

  ended(): void {
    if (this.end) return;
    this.deliver(this.sifter.finish());
    this.look();
    this.close(this.sifter.holding && !this.sifter.error ? 'complete' : 'cut');
  }

  failed(failure: UpstreamFailure): void {
    if (this.end) return;
    this.failure = failure;
    this.close(this.opened?.holding && !this.opened.error ? 'complete' : 'cut');
  }

  clientGone(): void {
    this.close('client-closed');
    this.exchange?.abort();
  }

  clientDrained(): void {
    this.exchange?.resume();
  }

  /** Some clients give up an answer of which they hear nothing. `nowMs` is performance.now(). */
  keepAwake(nowMs: number): void {
    if (!this.begun || this.end || nowMs - this.sentAtMs < QUIET_MS) return;
    const ping = this.sifter.ping?.();
    if (!ping) return;
    this.sentAtMs = nowMs;
    this.client.write(ping);
  }

  /** Whatever is missing is not waited for any longer: a tail that does not come, or a call that takes too long. */
  giveUp(): void {
    this.failed('timeout');
    this.exchange?.abort();
  }

  private deliver(passed: Buffer): void {
    if (passed.length === 0) return;
    // What was taken for the end was none.
    this.holdingSinceMs = undefined;
    this.hasContent ||= this.sifter.hasContent(passed);
    if (this.begun) this.send(passed);
    else if (this.hasContent) this.begin(passed);
    else this.waitFor(passed);
  }

  private waitFor(opening: Buffer): void {
    this.preamble.push(opening);
    this.preambleBytes += opening.length;
    if (this.preambleBytes > MAX_PREAMBLE_BYTES) this.begin();
    else this.preambleTimer ??= setTimeout(() => this.begin(), MAX_PREAMBLE_MS);
  }

  /** From here on the client has something of this answer. */
  private begin(first?: Buffer): void {
    clearTimeout(this.preambleTimer);
    if (this.end) return;
    this.begun = true;
    this.firstByteAtMs = performance.now();
    this.client.begin(this.headers);
    const { preamble } = this;
    this.preamble = [];
    for (const bytes of preamble) this.send(bytes);
    if (first) this.send(first);
  }

  private send(bytes: Buffer): void {
    this.delivered.add(bytes);
    this.sentAtMs = performance.now();
    if (!this.client.write(bytes)) this.exchange?.pause();
  }

  /** Text, or JSON of another kind, and a mark of the end: an error that does not say so. */
  private get isNoAnswer(): boolean {
    return !this.hasContent && this.opened?.endsBare === true;
  }

  private look(): void {
    if (this.sifter.oversized) {
      this.failure = 'oversized';
      this.close('cut');
      this.exchange?.abort();
    } else if (this.sifter.error) this.close('cut');
    else if (this.sifter.done) this.close('complete');
    else if (this.sifter.holding) this.holdingSinceMs ??= performance.now();
  }

  private close(end: StreamEnd): void {
    if (this.end) return;
    clearTimeout(this.preambleTimer);
    this.end = end === 'complete' && this.isNoAnswer ? 'cut' : end;
    this.resolve(this.end);
  }
}
