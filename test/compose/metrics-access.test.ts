import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../src/compose/metrics.js';
import { metricsHandler } from '../../src/compose/raw-handlers.js';
import { metricsListener } from '../../src/http/listener.js';
import { figuresOf } from '../../src/compose/workers.js';
import { createLogger } from '../../src/support/logger.js';

let close: () => void = () => undefined;
afterEach(() => close());

async function start(token?: string) {
  const server = createServer(
    metricsListener(metricsHandler(figuresOf(createMetrics(createLogger('silent')), undefined), token)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const { port } = server.address() as AddressInfo;
  return async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: response.status, text: await response.text() };
  };
}

describe('the metrics', () => {
  it.each([
    [{}, 401],
    [{ authorization: 'Bearer wrong' }, 401],
    [{ authorization: 'Basic the-token-of-metrics' }, 401],
    [{ authorization: 'Bearer the-token-of-metrics' }, 200],
  ])('behind a token, asked for with %j: %d', async (headers, status) => {
    const get = await start('the-token-of-metrics');
    const answer = await get('/metrics', headers);
    expect(answer.status).toBe(status);
    expect(answer.text.includes('process_cpu')).toBe(status === 200);
  });

  it('are all that their own port has', async () => {
    const get = await start();
    expect((await get('/metrics?x')).status).toBe(200);
    for (const path of ['/', '/healthz', '/metrics/', '/metricsx', '/api/status', '/v1/models'])
      expect((await get(path)).status).toBe(404);
  });
});
