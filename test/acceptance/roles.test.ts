import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDemoClient } from '../../src/cli/demo/client.js';
import { tellStory } from '../../src/cli/demo/story.js';
import { eventually } from '../support/eventually.js';
import { expectBooksInOrder, expectOneChargeEach } from './support/books.js';
import { call, createCustomer, frontEnd } from './support/clients.js';
import { Deployment, SERVICE_KEY, type Service } from './support/deployment.js';

let deployment: Deployment;
let api: Service;
let relay: Service;

beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis', log: 'eventstoredb' });
  const start = (role: string) => deployment.start(role, { ROLE: role });
  [api, relay] = await Promise.all([start('api'), start('relay'), start('projector')]);
}, 180_000);

afterAll(() => deployment?.close());

describe('api, relay and projector apart, on EventStoreDB, PostgreSQL and Redis', () => {
  it('answer only what is theirs', async () => {
    expect(await call(api.url, 'sk-nobody')).toMatchObject({ status: 404 });
    expect(await frontEnd(relay.url, 'GET', '/nobody')).toMatchObject({ status: 404 });
    expect(await call(relay.url, 'sk-nobody')).toMatchObject({ status: 401 });
  });

  it('play the whole story of a user together, and the books are in order', async () => {
    const told: string[] = [];
    const terminal = {
      out: (text: string) => void told.push(text),
      err: () => undefined,
      interactive: false,
    };
    const atApi = createDemoClient(api.url, SERVICE_KEY);
    const atRelay = createDemoClient(relay.url, SERVICE_KEY);

    await tellStory(
      {
        frontEnd: (method, path, body) => atApi.frontEnd(method, path, body),
        call: (accessKey, body) => atRelay.call(accessKey, body),
      },
      terminal,
    );

    expect(told.join('\n')).toContain('credited once');
    await expectBooksInOrder(deployment);
  });

  it('show a finished call in the next read that asks for its position, twenty times of twenty', async () => {
    const { id, accessKey } = await createCustomer(api.url, 10);
    for (let calls = 1; calls <= 20; calls += 1) {
      const { requestId, completed, headers } = await call(relay.url, accessKey);
      expect(completed).toBe(true);
      const position = headers?.get('x-counterfoil-position');
      const { body } = await frontEnd(api.url, 'GET', `/${id}/stats?min_position=${position}`);
      expect(body.data.user_info.total_requests).toBe(calls);
      expect(body.data.recent_logs[0].request_id).toBe(requestId);
    }
  });

  it('show a stream that has ended as soon as the read models have it', async () => {
    const { id, accessKey } = await createCustomer(api.url, 10);
    const { requestId, completed } = await call(relay.url, accessKey, { stream: true });
    expect(completed).toBe(true);
    // A read waits half a second by itself, which a slow machine may not be content with.
    await eventually(async () => {
      const { body } = await frontEnd(api.url, 'GET', `/${id}/stats`);
      expect(body.data.recent_logs[0]?.request_id).toBe(requestId);
    });
  });

  it('name the place of a charge, which a read then has', async () => {
    const { id, accessKey } = await createCustomer(api.url, 10);
    const { headers } = await call(relay.url, accessKey);
    const position = headers?.get('x-counterfoil-position') ?? '';
    expect(position).toMatch(/^\d+$/);
    const { status, body } = await frontEnd(api.url, 'GET', `/${id}?min_position=${position}`);
    expect([status, body.data.total_requests]).toEqual([200, 1]);
  });

  it('let open calls finish and charge them when the relay is told to end, and take no new ones', async () => {
    const { accessKey } = await createCustomer(api.url, 1);
    deployment.upstream.stopInTheMiddle();
    const open = [0, 1, 2, 3].map((index) => call(relay.url, accessKey, { stream: index % 2 === 0 }));
    await eventually(() => deployment.upstream.waiting === open.length);

    relay.process.signal('SIGTERM');
    await eventually(() => refusesConnections(relay.url), { timeoutMs: 20_000 });
    deployment.upstream.goOn();

    const results = await Promise.all(open);
    expect(results.filter(({ completed }) => completed)).toHaveLength(open.length);
    expect(await relay.process.exited()).toBe(0);
    await expectOneChargeEach(deployment.store, results, deployment.upstream);
    await expectBooksInOrder(deployment);
  });
});

const refusesConnections = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    () => false,
    () => true,
  );
