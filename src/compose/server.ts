import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
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
  /**
   * No new connections, and no further request on those that are open. Resolves when the first request has come on each that was accepted a
   * moment ago, or a second later: its client cannot know that it was too late, and would see the connection break under its request.
   */
  stopAccepting(): Promise<void>;
  /** Resolves when every connection is closed. What is being answered has some time; what is still open then is broken off. */
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
/** A request follows its connection at once; who says nothing for so long has none. */
const FIRST_REQUEST_MS = 1_000;
/** For answers of the API; calls of the relay have ended before. */
const ANSWERS_MS = 2_000;

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
  const silent = new SilentConnections(server);
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
      return silent.ended(FIRST_REQUEST_MS);
    },
    close: async () => {
      server.close();
      server.closeIdleConnections();
      connections.close();
      await within(closed, ANSWERS_MS);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Connections on which no request has come yet. */
class SilentConnections {
  private readonly sockets = new Set<Socket>();
  private whenNone: () => void = () => undefined;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.remove(socket));
    });
    server.on('request', ({ socket }) => this.remove(socket));
  }

  /** Resolves when there is none, or so much later. */
  async ended(withinMs: number): Promise<void> {
    if (this.sockets.size === 0) return;
    await within(new Promise<void>((resolve) => (this.whenNone = resolve)), withinMs);
  }

  private remove(socket: Socket): void {
    this.sockets.delete(socket);
    if (this.sockets.size === 0) this.whenNone();
  }
}

async function within(what: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([what, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
