import { createServer } from 'node:net';

const given = new Set<number>();

/** A port of 127.0.0.1 that is free now and was not given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', reject);
      probe.listen(0, '127.0.0.1', () => {
        const { port: found } = probe.address() as { port: number };
        probe.close(() => resolve(found));
      });
    });
    if (given.has(port)) continue;
    given.add(port);
    return port;
  }
}
