import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';

export type UpstreamFailure = 'unreachable' | 'timeout' | 'broken' | 'oversized' | 'aborted';

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

/** One request to an upstream. `sink` set: the body of a 200 answer goes there, if it takes it. */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<UpstreamAnswer>;
  private resolve!: (answer: UpstreamAnswer) => void;
  private controller: Dispatcher.DispatchController | undefined;
  private wasAborted = false;
  private oversized = false;
  private streaming = false;
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private readonly parts: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly sink: StreamSink | undefined,
    private readonly maxAnswerBytes: number,
  ) {
    this.answer = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  abort(): void {
    this.wasAborted = true;
    this.controller?.abort(new Error('aborted by the relay'));
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
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.streaming = status === 200 && this.sink?.opens(headers) === true;
    if (this.streaming) this.resolve({ kind: 'stream', status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.streaming) {
      this.sink?.chunk(chunk);
      return;
    }
    this.parts.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes <= this.maxAnswerBytes) return;
    this.oversized = true;
    controller.abort(new Error('the answer is larger than allowed'));
  }

  onResponseEnd(): void {
    if (this.streaming) this.sink?.ended();
    const body = this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
    this.resolve({ kind: 'whole', status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const failure = this.failureOf(error);
    if (this.streaming) this.sink?.failed(failure);
    this.resolve({ kind: 'failed', failure, headCame: this.status !== 0 });
  }

  private failureOf(error: Error): UpstreamFailure {
    if (this.oversized) return 'oversized';
    if (this.wasAborted) return 'aborted';
    if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
      return 'timeout';
    if (error instanceof errors.ConnectTimeoutError) return 'timeout';
    return this.status === 0 ? 'unreachable' : 'broken';
  }
}
