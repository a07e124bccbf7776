import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { eventsOfType, expectBooksInOrder, expectOneChargeEach } from './support/books.js';
import {
  available,
  balanceOf,
  call,
  type CallResult,
  createCustomer,
  type Customer,
  frontEnd,
} from './support/clients.js';
import { Deployment, PER_CALL } from './support/deployment.js';

let deployment: Deployment | undefined;

afterEach(async () => {
  await deployment?.close();
  deployment = undefined;
});

async function open(options: Parameters<typeof Deployment.open>[0]): Promise<Deployment> {
  return (deployment = await Deployment.open(options));
}

/** Calls that upstream has begun to serve and will not end before it is told to. */
async function callsInTheMiddle(opened: Deployment, url: string, { accessKey }: Customer, count: number) {
  opened.upstream.stopInTheMiddle();
  const results = Array.from({ length: count }, (_, index) =>
    call(url, accessKey, { stream: index % 2 === 0, model: index % 4 < 2 ? 'per-call' : 'by-token' }),
  );
  await eventually(() => opened.upstream.waiting === count, { timeoutMs: 20_000 });
  return results;
}

function expectLedgerUnavailable({ status, headers, text }: CallResult): void {
  expect({ status, text }).toMatchObject({
    status: 503,
    text: expect.stringContaining('ledger_unavailable'),
  });
  expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0);
}

/** A client that comes again while it is told to. */
const callUntilServed = (url: string, accessKey: string): Promise<CallResult> =>
  eventually(
    async () => {
      const result = await call(url, accessKey);
      if (result.status === 503) throw new Error(`still refused: ${result.text}`);
      return result;
    },
    { timeoutMs: 30_000, intervalMs: 100 },
  );

const spooledCharges = async (url: string): Promise<number> => {
  const figures = await (await fetch(`${url}/metrics`)).text();
  return Number(/^counterfoil_spooled_charges (\d+)$/m.exec(figures)?.[1]);
};

const topupOf = ({ id }: Customer) => ({ external_user_id: id, amount_usd: 1, payment_id: `again-${id}` });

async function expectTopupRefused(url: string, customer: Customer): Promise<void> {
  const { status, headers, body } = await frontEnd(url, 'POST', '/topup', topupOf(customer));
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'ledger_unavailable' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

/** The caller repeats what was refused: credited once, whether or not the refused one was in the log. */
async function expectTopupCreditedOnce(opened: Deployment, url: string, customer: Customer): Promise<void> {
  expect(await frontEnd(url, 'POST', '/topup', topupOf(customer))).toMatchObject({ status: 200 });
  const credits = await eventsOfType(opened.store, 'payment-credited');
  expect(credits.filter(({ payment_id }) => payment_id === topupOf(customer).payment_id)).toHaveLength(1);
}

async function expectChargedOnceEach(
  opened: Deployment,
  url: string,
  customer: Customer,
  startQuota: number,
  results: readonly CallResult[],
): Promise<void> {
  await eventually(
    async () => (await available(url, customer.accessKey)) === (await balanceOf(url, customer)),
    { timeoutMs: 40_000, intervalMs: 200 },
  );
  const charged = await expectOneChargeEach(opened.store, results, opened.upstream);
  expect(await balanceOf(url, customer)).toBe(startQuota - Number(charged));
  await expectBooksInOrder(opened);
}

describe('the event store goes away while calls are open', () => {
  it('lets them end, refuses new ones, and charges each once when the store is back, also after a kill -9', async () => {
    const opened = await open({ cache: 'redis', log: 'eventstoredb' });
    const first = await opened.start('one');
    const customer = await createCustomer(first.url, 10);
    const before = await call(first.url, customer.accessKey);

    const open1 = await callsInTheMiddle(opened, first.url, customer, 20);
    await opened.standIn.stop();
    opened.upstream.goOn();
    const away = await Promise.all(open1);
    expect(away.filter(({ completed }) => completed)).toHaveLength(20);
    expectLedgerUnavailable(await call(first.url, customer.accessKey));
    expect((await fetch(`${first.url}/readyz`)).status).toBe(503);
    expect(await spooledCharges(first.url)).toBe(20);
    await expectTopupRefused(first.url, customer);

    await opened.standIn.restart();
    const after = await callUntilServed(first.url, customer.accessKey);
    await expectTopupCreditedOnce(opened, first.url, customer);
    await eventually(async () => (await spooledCharges(first.url)) === 0, { timeoutMs: 20_000 });
    expect(await eventsOfType(opened.store, 'consumption-recorded')).toHaveLength(22);

    const open2 = await callsInTheMiddle(opened, first.url, customer, 10);
    await opened.standIn.stop();
    opened.upstream.goOn();
    const lastOnes = await Promise.all(open2);
    expect(lastOnes.filter(({ completed }) => completed)).toHaveLength(10);
    await first.process.kill();
    await opened.standIn.restart();
    const { url } = await opened.start('one');
    await eventually(async () => (await eventsOfType(opened.store, 'consumption-recorded')).length === 32, {
      timeoutMs: 20_000,
    });

    const results = [before, ...away, after, ...lastOnes];
    await expectChargedOnceEach(opened, url, customer, 5_500_000, results);
  }, 180_000);
});

describe('Redis', () => {
  it('may go away and lose everything: open calls end and are charged, new ones wait for it', async () => {
    const opened = await open({ cache: 'redis' });
    const { url } = await opened.start('one');
    const customer = await createCustomer(url, 10);
    const leaver = await createCustomer(url, 10);
    expect((await call(url, leaver.accessKey, { model: 'free' })).status).toBe(200);

    const inTheMiddle = await callsInTheMiddle(opened, url, customer, 20);
    await opened.redis.kill();
    opened.upstream.goOn();
    const away = await Promise.all(inTheMiddle);
    expect(away.filter(({ completed }) => completed)).toHaveLength(20);
    expectLedgerUnavailable(await call(url, customer.accessKey));
    // A payment needs no cache: what is in the log is in the balance when the cache is back.
    expect(await frontEnd(url, 'POST', '/topup', topupOf(customer))).toMatchObject({ status: 200 });
    // A revoked key must be dead everywhere before that is said: not now, but it stays revoked.
    const revoke = { external_user_id: leaver.id, token_id: leaver.tokenId };
    expect(await frontEnd(url, 'DELETE', '/token', revoke)).toMatchObject({
      status: 503,
      body: { code: 'ledger_unavailable' },
    });

    await opened.redis.restart();
    expect((await callUntilServed(url, leaver.accessKey)).status).toBe(401);
    const after = await callUntilServed(url, customer.accessKey);
    expect(after.status).toBe(200);
    await expectTopupCreditedOnce(opened, url, customer);
    await expectChargedOnceEach(opened, url, customer, 5_500_000, [...away, after]);
  }, 120_000);

  it('may be flushed under load: every call that fits passes in the end, and none beyond the balance', async () => {
    const fits = 300;
    const opened = await open({ cache: 'redis' });
    const services = await Promise.all([opened.start('one'), opened.start('two')]);
    const [{ url }] = services;
    const customer = await createCustomer(url, 0.02 * fits);
    const admin = new Redis(opened.redis.url);
    // Slow enough that every flush meets open holds.
    opened.upstream.pauseMs = () => 20;
    const flushAt = [40, 130, 220];
    const results: CallResult[] = [];
    let served = 0;
    const caller = async (index: number) => {
      for (;;) {
        const service = services[index % services.length]?.url ?? url;
        const result = await callUntilServed(service, customer.accessKey);
        results.push(result);
        if (result.status === 402) return;
        served += 1;
        if (flushAt.includes(served)) await admin.flushall();
      }
    };
    try {
      await Promise.all(Array.from({ length: 30 }, (_, index) => caller(index)));
      // A flush may leave a hold counted beside its charge until its lease runs out: a call is then refused for a while, never lost.
      await eventually(
        async () => {
          const result = await callUntilServed(url, customer.accessKey);
          results.push(result);
          return result.status === 402 && results.filter(({ completed }) => completed).length >= fits;
        },
        { timeoutMs: 60_000 },
      );
    } finally {
      admin.disconnect();
    }

    const passed = results.filter(({ completed }) => completed);
    expect(passed).toHaveLength(fits);
    const charges = await eventsOfType(opened.store, 'consumption-recorded');
    expect(charges.reduce((sum, { quota }) => sum + quota, 0n)).toBe(BigInt(fits * PER_CALL));
    await expectChargedOnceEach(opened, url, customer, fits * PER_CALL, results);
  }, 120_000);
});
