import type { IncomingMessage, ServerResponse } from 'node:http';
import type Koa from 'koa';

/** Answers a request by itself, errors included; Koa never sees it. */
export type RawHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface RelayHandler {
  /** Whether a request beside `/v1/*` and `/v1beta/*` is the relay's. `path` without its query. */
  takes(path: string, request: Pick<IncomingMessage, 'method' | 'headers'>): boolean;
  readonly handle: RawHandler;
}

/** What is served before and beside Koa. A role that does not serve one of them leaves it out. */
export interface RawHandlers {
  /** The relay, which writes bytes as they come and must not pay for middleware. */
  readonly relay?: RelayHandler | undefined;
  readonly healthz?: RawHandler | undefined;
  readonly readyz?: RawHandler | undefined;
  readonly metrics?: RawHandler | undefined;
  /** What is below `/transparency/`. */
  readonly transparency?: RawHandler | undefined;
}

/** Below it lies what strangers check the ledger's log with. */
export const TRANSPARENCY = '/transparency/';

/** The listener for `http.createServer`: raw handlers by path, Koa for the rest. */
export function createListener(app: Koa, raw: RawHandlers): RawHandler {
  const koa = app.callback();
  const byPath = new Map<string, RawHandler | undefined>([
    ['/healthz', raw.healthz],
    ['/readyz', raw.readyz],
    ['/metrics', raw.metrics],
  ]);
  return (request, response) => {
    // The connection has had its last answer: what follows on it is not done.
    if (request.socket.writableEnded) return;
    const url = request.url ?? '/';
    const { relay } = raw;
    if (relay && (url.startsWith('/v1/') || url.startsWith('/v1beta/')))
      return relay.handle(request, response);
    const query = url.indexOf('?');
    const path = query < 0 ? url : url.slice(0, query);
    const handler = byPath.get(path);
    if (handler) return handler(request, response);
    if (raw.transparency && path.startsWith(TRANSPARENCY)) return raw.transparency(request, response);
    if (relay?.takes(path, request)) return relay.handle(request, response);
    void koa(request, response);
  };
}

/** The listener of a port that has only the metrics. */
export function metricsListener(metrics: RawHandler): RawHandler {
  return (request, response) => {
    if (/^\/metrics(\?|$)/.test(request.url ?? '')) return metrics(request, response);
    response.writeHead(404).end();
  };
}
