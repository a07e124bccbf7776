import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { expectBooksInOrder, expectOneChargeEach } from './support/books.js';
import { available, balanceOf, call, type CallResult, createCustomer } from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';
import { UpstreamProcess } from './support/upstream-process.js';

const CALLS = 400;
const CALLERS = 20;
const START_QUOTA = 25_000_000;

const upstreams = [new UpstreamProcess('left'), new UpstreamProcess('right')] as const;
let deployment: Deployment | undefined;

afterEach(async () => {
  await deployment?.close();
  await Promise.all(upstreams.map((upstream) => upstream.kill()));
});

const served = () => new Map(upstreams.flatMap(({ served: books }) => [...books]));
/** Something of the answer has reached the client. */
const begun = ({ text }: CallResult) => text.includes('"delta"');

describe('kill -9 of an upstream under load', () => {
  it('loses no call that had not begun to answer, charges none twice, and is found well again', async () => {
    for (const upstream of upstreams) await upstream.start();
    const [left, right] = upstreams;
    deployment = await Deployment.open({
      cache: 'redis',
      upstreamUrl: left.url,
      secondUpstreamUrl: right.url,
    });
    const services = [await deployment.start('one'), await deployment.start('two')] as [Service, Service];
    const customer = await createCustomer(services[0].url, 50);
    const results: CallResult[] = [];
    let sent = 0;
    let killed: Promise<void> | undefined;
    const caller = async () => {
      while (sent < CALLS) {
        const index = sent++;
        if (index === CALLS / 2) killed = left.kill();
        const { url } = services[index % 2] as Service;
        const model = index % 4 < 2 ? 'per-call' : 'by-token';
        const options = { model, stream: index % 3 === 0, requestId: `call-${index}` };
        results.push(await call(url, customer.accessKey, options));
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    await killed;

    const lost = results.filter((result) => !result.completed && !begun(result));
    expect(lost.map(({ requestId, status, text }) => `${requestId} ${status} ${text}`)).toEqual([]);
    expect(results.filter(({ completed }) => !completed).length).toBeLessThanOrEqual(CALLERS);
    expect(left.served.size).toBeGreaterThan(CALLS / 8);
    expect(right.served.size).toBeGreaterThan(CALLS / 2);

    const before = left.served.size;
    await left.start();
    await eventually(
      async () => {
        const requestId = `again-${sent++}`;
        results.push(await call(services[0].url, customer.accessKey, { model: 'per-call', requestId }));
        return left.served.size > before;
      },
      { timeoutMs: 60_000, intervalMs: 100 },
    );
    await eventually(
      async () =>
        (await available(services[0].url, customer.accessKey)) ===
        (await balanceOf(services[0].url, customer)),
      { timeoutMs: 40_000, intervalMs: 250 },
    );
    const charged = await expectOneChargeEach(deployment.store, results, { served: served() });
    expect(await balanceOf(services[0].url, customer)).toBe(START_QUOTA - Number(charged));
    await expectBooksInOrder(deployment);
  }, 240_000);
});
