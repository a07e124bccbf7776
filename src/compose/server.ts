import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClosingResponse } from '../http/edge/closing-response.js';
import type { Connections } from '../http/edge/connections.js';
import { cannotListen } from './cannot-start.js';

export interface ListeningAddress {
  readonly host: string;
  readonly port: number;
  /** Where it is said. */
  readonly variables?: string;
}

export interface ListeningServer {
  /** `http://127.0.0.1:3000`, with the port that was really taken. */
  readonly url: string;
  /** No new connections, and no further request on those that are open. */
  stopAccepting(): void;
  /** Resolves when every connection is closed; those still open are broken off. */
  close(): Promise<void>;
}

/** Deadlines that a request must keep in coming; its connection is broken off else. */
export interface ArrivalLimits {
  /** For the head, from the connection's beginning or the end of the request before. */
  readonly headersMs: number;
  /** For the whole request: the last resort, since who reads a body sets it a deadline of its own. */
  readonly requestMs: number;
  /** How often they are looked at. */
  readonly checkMs: number;
}

/** A form of the largest size at the least speed takes less. */
export const ARRIVAL_LIMITS: ArrivalLimits = { headersMs: 20_000, requestMs: 1_200_000, checkMs: 5_000 };
/** Longer than a load balancer's idle time, so that it is never we who close a connection under a request. */
const KEEP_ALIVE_MS = 75_000;

/** @throws CannotStart when the address cannot be taken */
export async function listen(
  listener: RequestListener,
  { host, port, variables = 'HOST and PORT' }: ListeningAddress,
  connections: Pick<Connections, 'guard' | 'close'>,
  limits = ARRIVAL_LIMITS,
): Promise<ListeningServer> {
  const server = createServer(
    {
      ServerResponse: ClosingResponse,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
      noDelay: true,
    },
    listener,
  );
  connections.guard(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen({ host, port, variables }, error)));
    server.listen(port, host, resolve);
  });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    url: urlOf(server),
    stopAccepting: () => {
      server.close();
      server.closeIdleConnections();
      connections.close();
      // A connection that is busy now closes after its answer.
      server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      connections.close();
      await closed;
    },
  };
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
