import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import type { AnswerDecoder, UpstreamType } from '../type.js';

export type UpstreamFailure =
  'unprepared' | 'unreachable' | 'timeout' | 'broken' | 'undecodable' | 'oversized' | 'aborted';

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
  readonly decode?: UpstreamType['decode'];
}

/** One request to an upstream: it can be broken off from the moment it is made, also before it is sent. */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<UpstreamAnswer>;
  private resolve!: (answer: UpstreamAnswer) => void;
  private controller: Dispatcher.DispatchController | undefined;
  private decoder: AnswerDecoder | undefined;
  private wasAborted = false;
  /** Why it was broken off from this side, where it was not for the client. */
  private broken: UpstreamFailure | undefined;
  private streaming = false;
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private readonly parts: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly options: ExchangeOptions) {
    this.answer = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  abort(): void {
    this.wasAborted = true;
    if (this.controller) this.controller.abort(new Error('aborted by the relay'));
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

  pause(): void {
    this.controller?.pause();
  }

  resume(): void {
    this.controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
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
    if (this.options.decode) this.startDecoding(controller, this.options.decode);
    if (this.broken) return;
    this.streaming = status === 200 && this.options.sink?.opens(this.headers) === true;
    if (this.streaming) this.resolve({ kind: 'stream', status, headers: this.headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.broken) return;
    if (!this.decoder) return this.take(controller, chunk);
    this.decoded(controller, (decoder) => decoder.push(chunk));
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.decoder) this.decoded(controller, (decoder) => decoder.finish());
    if (this.broken) return this.end(this.broken);
    if (this.streaming) this.options.sink?.ended();
    const body = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
    this.resolve({ kind: 'whole', status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.end(this.failureOf(error));
  }

  private end(failure: UpstreamFailure): void {
    if (this.streaming) this.options.sink?.failed(failure);
    this.resolve({ kind: 'failed', failure, headCame: this.status !== 0 });
  }

  private take(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.streaming) {
      this.options.sink?.chunk(chunk);
      return;
    }
    this.parts.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > this.options.maxAnswerBytes) this.breakOff(controller, 'oversized');
  }

  private startDecoding(
    controller: Dispatcher.DispatchController,
    decode: NonNullable<UpstreamType['decode']>,
  ): void {
    try {
      this.decoder = decode(this.status, this.headers);
      if (this.decoder) this.headers = this.decoder.headers;
    } catch {
      this.breakOff(controller, 'undecodable');
    }
  }

  private decoded(controller: Dispatcher.DispatchController, step: (decoder: AnswerDecoder) => Buffer): void {
    let bytes: Buffer;
    try {
      bytes = step(this.decoder as AnswerDecoder);
    } catch {
      this.breakOff(controller, 'undecodable');
      return;
    }
    if (bytes.length > 0) this.take(controller, bytes);
  }

  private breakOff(controller: Dispatcher.DispatchController, failure: UpstreamFailure): void {
    this.broken ??= failure;
    controller.abort(new Error(`the answer is ${failure}`));
  }

  private failureOf(error: Error): UpstreamFailure {
    if (this.broken) return this.broken;
    if (this.wasAborted) return 'aborted';
    if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
      return 'timeout';
    if (error instanceof errors.ConnectTimeoutError) return 'timeout';
    return this.status === 0 ? 'unreachable' : 'broken';
  }
}
