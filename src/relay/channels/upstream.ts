import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors, Pool, ProxyAgent } from 'undici';
import type { RequestBytes, UpstreamTarget } from './upstream-type.js';

export interface UpstreamTimeouts {
  readonly connectTimeoutMs: number;
  /** From the request to the head of a stream. */
  readonly firstByteTimeoutMs: number;
  /** From the request to the head of a whole answer, which comes when the model is done. */
  readonly answerTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly idleTimeoutMs: number;
}

export interface UpstreamSettings extends UpstreamTimeouts {
  /** Connections to one upstream; further calls wait for one of them. */
  readonly maxConnections: number;
  /** A JSON answer or an error body beyond it is not what it should be. */
  readonly maxAnswerBytes: number;
}

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

/** An HTTP proxy that takes CONNECT. */
export interface Proxy {
  readonly url: string;
  /** `user:password`. */
  readonly credentials: string | undefined;
}

/** Kept connections to all upstreams, one pool an origin and proxy. Redirects are not followed. */
export class UpstreamPools {
  private readonly pools = new Map<string, Dispatcher>();

  constructor(private readonly settings: UpstreamSettings) {}

  send(
    target: UpstreamTarget,
    body: RequestBytes,
    sink: StreamSink | undefined,
    proxy?: Proxy,
  ): UpstreamExchange {
    const exchange = new UpstreamExchange(sink, this.settings.maxAnswerBytes);
    this.poolOf(target.origin, proxy).dispatch(
      {
        origin: target.origin,
        method: 'POST',
        path: target.path,
        headers: target.headers as Record<string, string>,
        body: Buffer.isBuffer(body) ? body : body.open(),
        headersTimeout: sink ? this.settings.firstByteTimeoutMs : this.settings.answerTimeoutMs,
        bodyTimeout: this.settings.idleTimeoutMs,
      },
      exchange,
    );
    return exchange;
  }

  /** Lets nothing new in and breaks what is still open. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }

  private poolOf(origin: string, proxy: Proxy | undefined): Dispatcher {
    const name = proxy ? `${origin} ${proxy.url} ${proxy.credentials ?? ''}` : origin;
    let pool = this.pools.get(name);
    if (!pool) {
      pool = proxy ? this.proxied(proxy) : new Pool(origin, this.options());
      this.pools.set(name, pool);
    }
    return pool;
  }

  private proxied({ url, credentials }: Proxy): ProxyAgent {
    const token =
      credentials === undefined ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` };
    return new ProxyAgent({ uri: url, proxyTunnel: true, ...this.options(), ...token });
  }

  private options() {
    const { maxConnections, connectTimeoutMs } = this.settings;
    return { connections: maxConnections, connect: { timeout: connectTimeoutMs } };
  }
}
