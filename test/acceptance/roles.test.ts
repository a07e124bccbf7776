import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDemoClient } from '../../src/cli/demo/client.js';
import { tellStory } from '../../src/cli/demo/story.js';
import { eventually } from '../support/eventually.js';
import { eventsOfType, expectBooksInOrder, expectOneChargeEach } from './support/books.js';
import { call, type CallResult, createCustomer, type Customer, frontEnd } from './support/clients.js';
import { Deployment, PER_CALL, SERVICE_KEY, type Service } from './support/deployment.js';

/** A command's own deadline, and what a loaded machine may add. */
const ANSWERED_WITHIN_MS = 10_000 + 8_000;
const PATIENT = { timeoutMs: 60_000, intervalMs: 100 };
const QUOTA_A_DOLLAR = 500_000;

let deployment: Deployment;
let api: Service;
let relay: Service;

beforeAll(async () => {
  deployment = await Deployment.open({ cache: 'redis', log: 'three nodes of eventstoredb' });
  const start = (role: string) => deployment.start(role, { ROLE: role });
  [api, relay] = await Promise.all([start('api'), start('relay'), start('projector')]);
}, 180_000);

afterAll(() => deployment?.close());

describe('api, relay and projector apart, on three nodes of EventStoreDB, PostgreSQL and Redis', () => {
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

  describe('when the node that leads is lost', () => {
    let customer: Customer;
    const calls: CallResult[] = [];
    const payments: string[] = [];
    beforeAll(async () => {
      customer = await createCustomer(api.url, 100);
      await eventually(async () => (await called()).completed, PATIENT);
    }, 120_000);

    const called = async () => {
      const result = await call(relay.url, customer.accessKey);
      calls.push(result);
      return result;
    };
    /** Status, how long it took, and whether who asked is told when to ask again. */
    const timed = async (ask: () => Promise<{ status: number; headers: Headers | undefined }>) => {
      const from = performance.now();
      const { status, headers } = await ask();
      return { status, tookMs: performance.now() - from, told: Number(headers?.get('retry-after')) > 0 };
    };
    const topUp = (payment_id: string) =>
      frontEnd(api.url, 'POST', '/topup', { external_user_id: customer.id, amount_usd: 1, payment_id });

    it.each(['killed', 'frozen'] as const)(
      'a leader that is %s under load: top-ups and calls are answered in time or told when to come again, and the books are right',
      async (how) => {
        const answers: Awaited<ReturnType<typeof timed>>[] = [];
        let lost: Promise<void> | undefined;
        const loseOnce = (): void => {
          if (answers.length >= 10) lost ??= deployment.cluster.lose(how);
        };
        const paying = Array.from({ length: 6 }, async () => {
          for (let turn = 0; turn < 6; turn++) {
            const payment = randomUUID();
            payments.push(payment);
            await eventually(async () => {
              const answer = await timed(() => topUp(payment));
              answers.push(answer);
              loseOnce();
              return answer.status === 200;
            }, PATIENT);
          }
        });
        const calling = Array.from({ length: 4 }, async () => {
          for (let turn = 0; turn < 8; turn++) {
            answers.push(await timed(called));
            loseOnce();
          }
        });
        await Promise.all([...paying, ...calling]);
        await lost;

        for (const { status, tookMs, told } of answers) {
          expect([200, 503]).toContain(status);
          if (status === 503) expect(told).toBe(true);
          expect(tookMs).toBeLessThan(ANSWERED_WITHIN_MS);
        }
        await eventually(async () => (await called()).completed, PATIENT);
        await eventually(() => expectOneChargeEach(deployment.store, calls, deployment.upstream), PATIENT);
        const asked = new Set(calls.map(({ requestId }) => requestId));
        const charges = await eventsOfType(deployment.store, 'consumption-recorded');
        const charged = charges.filter(({ request_id }) => asked.has(request_id));
        expect(charged.length).toBeGreaterThan(0);
        const credited = await eventsOfType(deployment.store, 'payment-credited');
        const ofThisTest = credited.filter(({ payment_id }) => payments.includes(payment_id));
        expect(ofThisTest.map(({ payment_id }) => payment_id).sort()).toEqual([...payments].sort());
        const expected = (100 + payments.length) * QUOTA_A_DOLLAR - charged.length * PER_CALL;
        await eventually(async () => {
          const { status, body } = await frontEnd(api.url, 'GET', `/${customer.id}`);
          expect([status, body.data?.current_quota]).toEqual([200, expected]);
        }, PATIENT);
        await expectBooksInOrder(deployment);
      },
      240_000,
    );
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
