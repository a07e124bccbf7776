import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usageStream } from '../../src/domain/streams.js';
import { eventsOfType } from '../acceptance/support/books.js';
import { createCustomer } from '../acceptance/support/clients.js';
import { Deployment, type Service } from '../acceptance/support/deployment.js';
import { eventually } from '../support/eventually.js';
import { ServiceProcess } from '../support/service-process.js';

const WORKERS = 2;

async function callOnce(url: string, accessKey: string, requestId: string): Promise<number | undefined> {
  const headers = {
    authorization: `Bearer ${accessKey}`,
    'content-type': 'application/json',
    'x-request-id': requestId,
  };
  const body = { model: 'per-call', messages: [{ role: 'user', content: requestId }] };
  const sent = request(`${url}/v1/chat/completions`, { method: 'POST', headers, agent: false });
  sent.end(JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  return response.statusCode;
}

describe('a relay of several workers', () => {
  let deployment: Deployment;
  let relay: Service;
  let accessKey: string;

  beforeAll(async () => {
    deployment = await Deployment.open({ cache: 'redis' });
    const { url } = await deployment.start('whole');
    ({ accessKey } = await createCustomer(url, 10));
    const environment = { ROLE: 'relay', USAGE_STREAMS: 'process' };
    relay = await deployment.start('relays', environment, ['--workers', String(WORKERS)]);
  }, 180_000);
  afterAll(() => deployment?.close());

  /** Whose start was told, the latest last. */
  const pids = () =>
    relay.process.lines.flatMap(({ msg, pid }) => (msg === 'a worker is ready' ? [Number(pid)] : []));
  const isLogged = (text: string) => relay.process.lines.some(({ msg }) => msg === text);
  const callsCounted = async () => {
    const text = await (await fetch(`${relay.url}/metrics`)).text();
    const found = [...text.matchAll(/^counterfoil_calls_total\{.*\} (\d+)$/gm)];
    return found.reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const isReady = async () => (await fetch(`${relay.url}/readyz`)).ok;
  /** Each on a connection of its own. */
  const callAtOnce = async (count: number) => {
    const requestIds: string[] = Array.from({ length: count }, () => randomUUID());
    const statuses = await Promise.all(requestIds.map((id) => callOnce(relay.url, accessKey, id)));
    expect(statuses).toEqual(statuses.map(() => 200));
    return requestIds;
  };

  it('shares out connections, each worker with a lane of its own, and counts the calls of all', async () => {
    const requestIds = await callAtOnce(8);
    const charges = await eventsOfType(deployment.store, 'consumption-recorded');
    const ours = charges.filter(({ request_id }) => requestIds.includes(request_id));
    expect(new Set(ours.map((charge) => usageStream(charge).slice(0, 'usage-00'.length))).size).toBe(WORKERS);
    expect(await callsCounted()).toBe(8);
    expect(new Set(pids()).size).toBe(WORKERS);
  });

  it('starts one anew that was killed, and is ready when all are', async () => {
    const [killed] = pids() as [number];
    process.kill(killed, 'SIGKILL');
    await eventually(() => isLogged('a worker died: it is started anew'));
    expect(await isReady()).toBe(false);
    await eventually(async () => pids().length === WORKERS + 1 && (await isReady()));
    await callAtOnce(4);
  });

  it('replaces all on SIGHUP, one after the other, while calls go on', async () => {
    const before = pids().length;
    relay.process.signal('SIGHUP');
    while (!isLogged('all workers are replaced')) await callAtOnce(1);
    expect(pids()).toHaveLength(before + WORKERS);
    expect(await isReady()).toBe(true);
  });

  it('ends in order on SIGTERM', async () => {
    expect(await relay.process.stop()).toBe(0);
    for (const pid of pids()) expect(() => process.kill(pid, 0)).toThrow();
  });

  it('is refused for roles that are one process', async () => {
    const all = new ServiceProcess({ ROLE: 'all' }, [], undefined, ['--workers', '2']);
    expect(await all.exited()).toBe(2);
    expect(all.stderr).toContain('--workers: only where ROLE is relay, and it is all');
  });
});
