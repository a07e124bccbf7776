import { createServer, request as ask } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface LoopbackProxy {
  readonly url: string;
  /** What was asked for elsewhere, and refused. */
  readonly refused: ReadonlySet<string>;
  close(): Promise<void>;
}

const HERE = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A proxy that leads to this machine alone: clients are given it, so that what they want of the internet is seen and not had. */
export async function startLoopbackProxy(): Promise<LoopbackProxy> {
  const refused = new Set<string>();
  const isHere = (hostname: string): boolean => {
    if (HERE.has(hostname)) return true;
    refused.add(hostname);
    return false;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://none.invalid');
    if (!isHere(url.hostname)) {
      response.writeHead(403).end();
      return;
    }
    const { method, headers } = request;
    const onward = ask(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request, socket, head: Buffer) => {
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    socket.on('error', () => socket.destroy());
    if (!isHere(hostname)) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const onward = connect(Number(port || 80), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
