import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpAnswer, RawRequest } from '../../../src/reactions/payments/provider.js';

type Notify = (request: RawRequest, path: string) => Promise<HttpAnswer | undefined>;

/** What providers notify in tests: as the service's own address, and no more. */
export async function startNotified(notify: Notify) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value]] : [],
        ),
      );
      const { pathname, search } = new URL(request.url ?? '/', 'http://here');
      const query = search.slice(1);
      const raw = { method: request.method ?? 'GET', query, headers, body: Buffer.concat(chunks) };
      notify(raw, pathname).then(
        (answer) => {
          response.statusCode = answer?.status ?? 404;
          response.end(answer?.body);
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    base,
    url: `${base}/notify`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
