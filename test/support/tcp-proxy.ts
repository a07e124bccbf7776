import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

export interface TcpProxy {
  /** The URL that was given, through the proxy. */
  readonly url: string;
  /** From now on what the server says is lost; what the client says still arrives. */
  swallowAnswers(): void;
  /** Breaks every connection; new ones work again. */
  cut(): void;
  /** Breaks every connection and refuses new ones until `restore`. */
  interrupt(): Promise<void>;
  restore(): Promise<void>;
  /** Breaks every connection; new ones reach the server at this address. */
  leadTo(target: string): void;
  stop(): Promise<void>;
}

/** A network between a client and a real server, with the faults that networks have. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  let { port, hostname } = new URL(target);
  const address = new URL(target);
  const sockets = new Set<Socket>();
  let swallowing = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, upstream].forEach((each) => each.destroy()));
    }
    client.pipe(upstream);
    upstream.on('data', (chunk) => !swallowing && client.write(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address.port = String((server.address() as { port: number }).port);
  address.hostname = '127.0.0.1';
  const cut = (): void => {
    swallowing = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: address.href,
    swallowAnswers: () => void (swallowing = true),
    cut,
    interrupt: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
    restore: async () => {
      server.listen(Number(address.port), '127.0.0.1');
      await once(server, 'listening');
    },
    leadTo: (other) => {
      ({ port, hostname } = new URL(other));
      cut();
    },
    stop: async () => {
      cut();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}
