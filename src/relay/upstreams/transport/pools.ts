import type { Readable } from 'node:stream';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import { type ExchangeOptions, UpstreamExchange } from './exchange.js';
import { createReach, literalOf, type Reach, type ReachSettings } from '../../../support/reach.js';
import { guardedConnector } from './guarded-connector.js';
import type { UpstreamTarget } from '../type.js';
import type { UpstreamRequest } from '../../dialects/upstream-request.js';

export interface UpstreamTimeouts {
  readonly connectTimeoutMs: number;
  /** From the request to the head of a stream. */
  readonly firstByteTimeoutMs: number;
  /** From the request to the head of a whole answer, which comes when the model is done. */
  readonly answerTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly idleTimeoutMs: number;
}

export interface UpstreamSettings extends UpstreamTimeouts, ReachSettings {
  /** Connections to one upstream; further calls wait for one of them. */
  readonly maxConnections: number;
  /** A JSON answer or an error body beyond it is not what it should be. */
  readonly maxAnswerBytes: number;
}

/** An HTTP proxy that takes CONNECT. */
export interface Proxy {
  readonly url: string;
  /** `user:password`. */
  readonly credentials: string | undefined;
}

/** A body that is read while it is sent. */
export interface StreamedBody {
  readonly length: number;
  open(): Readable;
}

/** A request as it goes out. */
export interface PreparedRequest extends Omit<UpstreamTarget, 'body'> {
  readonly body: Buffer | StreamedBody;
  /** Absent: POST. */
  readonly method?: UpstreamRequest['method'];
}

/** Where connections go. */
export interface UpstreamAddress {
  readonly origin: string;
  readonly proxy: Proxy | undefined;
}

function open(body: StreamedBody, exchange: UpstreamExchange): Readable {
  return body.open().once('end', () => exchange.bodyRead());
}

const poolName = (origin: string, proxy: Proxy | undefined): string =>
  proxy ? `${origin} ${proxy.url} ${proxy.credentials ?? ''}` : origin;

/** Kept connections to all upstreams, one pool an origin and proxy. Redirects are not followed. */
export class UpstreamPools {
  private readonly pools = new Map<string, Dispatcher>();
  /** Of addresses no longer wanted: they close when their calls have ended. */
  private readonly leaving = new Set<Dispatcher>();

  private readonly reach: Reach;

  constructor(private readonly settings: UpstreamSettings) {
    this.reach = createReach(settings);
  }

  /** Sends what `prepared` comes to, unless the exchange was broken off before that. */
  send(
    prepared: Promise<PreparedRequest>,
    {
      sink,
      decode,
      proxy,
    }: Pick<ExchangeOptions, 'sink' | 'decode'> & { readonly proxy?: Proxy | undefined },
  ): UpstreamExchange {
    const exchange = new UpstreamExchange({ sink, decode, maxAnswerBytes: this.settings.maxAnswerBytes });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      exchange.fail('timeout');
    }, this.settings.connectTimeoutMs);
    prepared.then(
      (request) => {
        clearTimeout(timer);
        if (!late && !exchange.aborted) this.dispatch(request, exchange, sink !== undefined, proxy);
      },
      () => {
        clearTimeout(timer);
        exchange.fail('unprepared');
      },
    );
    return exchange;
  }

  private dispatch(
    { origin, path, headers, body, method = 'POST' }: PreparedRequest,
    exchange: UpstreamExchange,
    streamed: boolean,
    proxy: Proxy | undefined,
  ): void {
    // A proxy resolves names for itself, but is not asked for what nobody may call.
    const literal = proxy && literalOf(new URL(origin).hostname);
    if (literal !== undefined && !this.reach(origin)(literal)) return exchange.fail('not-allowed');
    if (Buffer.isBuffer(body)) exchange.bodyRead();
    this.poolOf(origin, proxy).dispatch(
      {
        origin,
        method,
        path,
        headers: headers as Record<string, string>,
        body: method !== 'POST' ? null : Buffer.isBuffer(body) ? body : open(body, exchange),
        headersTimeout: streamed ? this.settings.firstByteTimeoutMs : this.settings.answerTimeoutMs,
        bodyTimeout: this.settings.idleTimeoutMs,
      },
      exchange,
    );
  }

  /** Lets go of the connections to all others as soon as their calls have ended; what is sent there later connects anew. */
  retain(wanted: readonly UpstreamAddress[]): void {
    if (this.pools.size === 0) return;
    const names = new Set(wanted.map(({ origin, proxy }) => poolName(origin, proxy)));
    for (const [name, pool] of this.pools) {
      if (names.has(name)) continue;
      this.pools.delete(name);
      this.leaving.add(pool);
      const gone = () => this.leaving.delete(pool);
      pool.close().then(gone, gone);
    }
  }

  /** Lets nothing new in and breaks what is still open. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values(), ...this.leaving].map((pool) => pool.destroy()));
  }

  private poolOf(origin: string, proxy: Proxy | undefined): Dispatcher {
    const name = poolName(origin, proxy);
    let pool = this.pools.get(name);
    if (!pool) {
      pool = proxy ? this.proxied(proxy) : new Pool(origin, this.options(origin));
      this.pools.set(name, pool);
    }
    return pool;
  }

  private proxied({ url, credentials }: Proxy): ProxyAgent {
    const token =
      credentials === undefined ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` };
    const clientFactory = (origin: URL) => new Pool(origin, this.options(origin.origin));
    return new ProxyAgent({ uri: url, proxyTunnel: true, clientFactory, ...token });
  }

  private options(origin: string) {
    const { maxConnections, connectTimeoutMs } = this.settings;
    return { connections: maxConnections, connect: guardedConnector(this.reach(origin), connectTimeoutMs) };
  }
}
