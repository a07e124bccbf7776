import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListeningServer {
  /** `http://127.0.0.1:3000`, with the port that was really taken. */
  readonly url: string;
  /** No new connections, and no further request on those that are open. */
  stopAccepting(): void;
  /** Resolves when every connection is closed; those still open are broken off. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than a load balancer's idle time, so that it is never we who close a connection under a request. */
const KEEP_ALIVE_MS = 75_000;

/** Rejects when the address cannot be taken. */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
): Promise<ListeningServer> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0, noDelay: true },
    listener,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    url: urlOf(server),
    stopAccepting: () => {
      server.close();
      server.closeIdleConnections();
      // A connection that is busy now closes after its answer.
      server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
