import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import { AnswerBody, type Decode } from './answer-body.js';
import { beginsAsEvents } from './label.js';
import { AddressNotAllowed } from '../../../support/reach.js';

export type UpstreamFailure =
  | 'unprepared'
  | 'not-allowed'
  | 'unreachable'
  | 'timeout'
  | 'broken'
  | 'undecodable'
  | 'oversized'
  | 'aborted';

/** The head of an answer and, unless it is a stream, its whole body. */
export type UpstreamAnswer =
  | {
      readonly kind: 'whole';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
  | { readonly kind: 'stream'; readonly status: number; readonly headers: IncomingHttpHeaders }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure; readonly headCame: boolean };

/** Takes the body of an answer that comes in pieces; called in the socket's own turn. */
export interface StreamSink {
  /** At the head of a 200 answer: whether its body is to come here, piece by piece. */
  opens(headers: IncomingHttpHeaders): boolean;
  chunk(bytes: Buffer): void;
  /** Upstream ended its body as HTTP says. */
  ended(): void;
  failed(failure: UpstreamFailure): void;
}

export interface ExchangeOptions {
  /** Set: the body of a 200 answer goes there, if it takes it. */
  readonly sink: StreamSink | undefined;
  /** Of a whole answer, as the dialect reads it. */
  readonly maxAnswerBytes: number;
  readonly decode?: Decode | undefined;
}

/** One request to an upstream: it can be broken off from the moment it is made, also before it is sent. */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<UpstreamAnswer>;
  private resolve!: (answer: UpstreamAnswer) => void;
  private controller: Dispatcher.DispatchController | undefined;
  private wasAborted = false;
  /** Why it was broken off from this side, where it was not for the client. */
  private broken: UpstreamFailure | undefined;
  private streaming = false;
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private parts: Buffer[] = [];
  private bytes = 0;
  private body: AnswerBody | undefined;
  /** The first bytes have shown whether they are events under another label. */
  private isLabelKnown = false;
  /** Upstream has ended its body; what is left of it is inflated. */
  private hasEnded = false;
  /** The same, but that it did not end as it should. */
  private endedBy: UpstreamFailure | undefined;
  /** All that there was to tell has been told. */
  private isOver = false;
  private hasStarted = false;
  private isBodyRead = false;

  constructor(private readonly options: ExchangeOptions) {
    this.answer = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  abort(): void {
    this.wasAborted = true;
    this.body?.destroy();
    // There is nothing left to abort that would call back.
    if (this.hasEnded) {
      if (!this.isOver) this.end('aborted');
    } else if (this.controller) this.controller.abort(new Error('aborted by the relay'));
    else this.fail('aborted');
  }

  /** Ends what was not sent yet; nothing will be. */
  fail(failure: UpstreamFailure): void {
    this.resolve({ kind: 'failed', failure, headCame: false });
  }

  /** Broken off from this side. */
  get aborted(): boolean {
    return this.wasAborted;
  }

  /** The whole request is on its way to upstream, which may have begun to work on it. */
  get sent(): boolean {
    return this.hasStarted && this.isBodyRead;
  }

  /** The whole request is on its way, and upstream has not refused it. */
  get atWork(): boolean {
    return this.sent && (this.status === 0 || this.status === 200);
  }

  /** All of the request's body has been read: it goes out as soon as there is a connection. */
  bodyRead(): void {
    this.isBodyRead = true;
  }

  pause(): void {
    if (this.body) this.body.pause();
    else this.controller?.pause();
  }

  resume(): void {
    if (this.body) this.body.resume();
    else this.controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.hasStarted = !this.wasAborted;
    if (this.wasAborted) controller.abort(new Error('aborted by the relay'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.startBody(controller);
    if (!this.broken) this.open();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.broken) this.body?.push(chunk);
  }

  onResponseEnd(): void {
    this.hasEnded = true;
    if (this.broken) this.end(this.broken);
    else this.body?.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const failure = this.failureOf(error);
    if (this.broken || this.wasAborted || !this.body) return this.end(failure);
    // What has come before is delivered first.
    this.hasEnded = true;
    this.endedBy = failure;
    this.body.finish();
  }

  private startBody(controller: Dispatcher.DispatchController): void {
    try {
      this.body = new AnswerBody(controller, this.status, this.headers, this.options.decode, {
        bytes: (bytes) => this.take(controller, bytes),
        over: (isWhole) => this.bodyOver(controller, isWhole),
      });
      this.headers = this.body.headers;
    } catch {
      this.breakOff(controller, 'undecodable');
    }
  }

  private bodyOver(controller: Dispatcher.DispatchController, isWhole: boolean): void {
    if (this.wasAborted || this.broken) return;
    if (this.endedBy) this.end(this.endedBy);
    else if (isWhole && this.hasEnded) this.complete();
    else this.breakOff(controller, 'undecodable');
  }

  private complete(): void {
    this.isOver = true;
    if (this.streaming) this.options.sink?.ended();
    const body = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
    this.resolve({ kind: 'whole', status: this.status, headers: this.headers, body });
  }

  private end(failure: UpstreamFailure): void {
    this.isOver = true;
    if (this.streaming) this.options.sink?.failed(failure);
    this.resolve({ kind: 'failed', failure, headCame: this.status !== 0 });
  }

  private open(): boolean {
    this.streaming = this.status === 200 && this.options.sink?.opens(this.headers) === true;
    if (this.streaming) this.resolve({ kind: 'stream', status: this.status, headers: this.headers });
    return this.streaming;
  }

  private take(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.broken) return;
    if (this.streaming) {
      this.options.sink?.chunk(chunk);
      return;
    }
    this.parts.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > this.options.maxAnswerBytes) this.breakOff(controller, 'oversized');
    else if (this.options.sink && !this.isLabelKnown) this.readLabel(this.options.sink);
  }

  /** An answer in pieces under the label of another: its first bytes tell. */
  private readLabel(sink: StreamSink): void {
    const come = Buffer.concat(this.parts);
    const areEvents = beginsAsEvents(come);
    this.isLabelKnown = areEvents !== undefined;
    if (!areEvents) return;
    this.headers = { ...this.headers, 'content-type': 'text/event-stream' };
    if (!this.open()) return;
    this.parts = [];
    sink.chunk(come);
  }

  private breakOff(controller: Dispatcher.DispatchController, failure: UpstreamFailure): void {
    this.broken ??= failure;
    this.body?.destroy();
    // There is nothing left to abort that would call back.
    if (this.hasEnded) this.end(this.broken);
    else controller.abort(new Error(`the answer is ${failure}`));
  }

  private failureOf(error: Error): UpstreamFailure {
    if (this.broken) return this.broken;
    if (this.wasAborted) return 'aborted';
    if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
      return 'timeout';
    if (error instanceof errors.ConnectTimeoutError) return 'timeout';
    if (error instanceof AddressNotAllowed) return 'not-allowed';
    return this.status === 0 ? 'unreachable' : 'broken';
  }
}
