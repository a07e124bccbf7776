import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { HOLD_LEASE_MS } from '../../src/balance/hold-leasing.js';
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
  succeed,
} from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';

const LEASES = { HOLD_LEASES: 'on' };
const CALLERS = 20;
const START_USD = 100;
const START_QUOTA = 50_000_000;
/** The time of a dead process's holds, the sweeper's pace, and the tables. */
const SWEPT_WITHIN_MS = 60_000;

let deployment: Deployment;
let redis: Redis;

beforeEach(async () => {
  deployment = await Deployment.open({ cache: 'redis' });
  redis = new Redis(deployment.redis.url);
});
afterEach(async () => {
  redis.disconnect();
  await deployment.close();
});

async function leasedCalls({ url }: Service): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^counterfoil_leased_calls (\d+)$/m.exec(text)?.[1]);
}

/** What is noted of leases, by their ids. */
async function notedLeases(): Promise<readonly string[]> {
  const [key] = await redis.keys('*:leased');
  return key === undefined ? [] : redis.hkeys(key);
}

/** Calls of one key at one process, one after the other by each caller, until they are told to stop; what became of each. */
function busy({ url }: Service, { accessKey }: Customer) {
  let isOver = false;
  const results: CallResult[] = [];
  const caller = async () => {
    while (!isOver) results.push(await call(url, accessKey));
  };
  const callers = Promise.all(Array.from({ length: CALLERS }, caller));
  const stop = async () => {
    isOver = true;
    await callers;
  };
  return { results, stop };
}

/** All is as if there had been no leases: nothing is held, and every answer is one charge. */
async function expectInOrder(
  { url }: Service,
  customer: Customer,
  results: readonly CallResult[],
  paid = START_QUOTA,
): Promise<void> {
  await eventually(
    async () => (await available(url, customer.accessKey)) === (await balanceOf(url, customer)),
    { timeoutMs: SWEPT_WITHIN_MS, intervalMs: 250 },
  );
  const charged = await expectOneChargeEach(deployment.store, results, deployment.upstream);
  expect(await balanceOf(url, customer)).toBe(paid - Number(charged));
  await expectBooksInOrder(deployment);
}

describe('kill -9 of a relay among leased calls', () => {
  it('leaves in the account’s history just the leases that it had, which give back what they claimed', async () => {
    const heir = await deployment.start('heir', LEASES);
    const customer = await createCustomer(heir.url, START_USD);
    const results: CallResult[] = [];
    const dead = new Set<number>();
    const left = new Set<string>();
    // Between two leases a process has none for a moment: then it is another one's turn.
    for (let attempt = 0; left.size === 0 && attempt < 10; attempt++) {
      const victim = await deployment.start(`victim-${attempt}`, LEASES);
      const load = busy(victim, customer);
      await eventually(async () => (await leasedCalls(victim)) > CALLERS, { timeoutMs: 30_000 });
      await victim.process.kill();
      dead.add(victim.process.pid);
      await load.stop();
      results.push(...load.results);
      // Nobody else leases.
      for (const lease of await notedLeases()) left.add(lease);
    }
    expect(left.size).toBeGreaterThan(0);

    await expectInOrder(heir, customer, results);
    const abandoned = await eventsOfType(deployment.store, 'lease-abandoned');
    expect(new Set(abandoned.map(({ lease_id }) => lease_id))).toEqual(left);
    expect(abandoned).toHaveLength(left.size);
    for (const { holder, taken_at, ended_at, token_id, hold_quota } of abandoned) {
      expect(dead.has(Number(holder.split(':').at(-1)))).toBe(true);
      expect(Date.parse(ended_at) - Date.parse(taken_at)).toBe(HOLD_LEASE_MS);
      expect(token_id).toBe(customer.tokenId);
      expect(hold_quota > 0n && hold_quota < START_QUOTA).toBe(true);
    }
  }, 180_000);
});

describe('a relay that stands still in the middle of a lease', () => {
  it('keeps nobody waiting for longer than its time, and admits nothing under it when it goes on', async () => {
    const [here, there] = await Promise.all(['here', 'there'].map((name) => deployment.start(name, LEASES)));
    if (!here || !there) throw new Error('two were started');
    const customer = await createCustomer(here.url, START_USD);
    const load = busy(there, customer);
    await eventually(async () => (await leasedCalls(there)) > CALLERS, { timeoutMs: 30_000 });

    there.process.signal('SIGSTOP');
    const revoke = { external_user_id: customer.id, token_id: customer.tokenId };
    expect((await frontEnd(here.url, 'DELETE', '/token', revoke)).status).toBe(200);
    const atRevocation = deployment.upstream.served.size;
    // Sent while it stands still, and read when it goes on.
    const late = Array.from({ length: CALLERS }, () => call(there.url, customer.accessKey));
    there.process.signal('SIGCONT');
    const answers = await Promise.all(late);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    await load.stop();
    // What had been admitted and was on its way may have come to upstream since: each of the callers had one call.
    expect(deployment.upstream.served.size - atRevocation).toBeLessThanOrEqual(CALLERS);

    const token = await succeed(here.url, 'POST', '/token', {
      ...{ external_user_id: customer.id, token_name: 'after it' },
    });
    const accessKey = token.access_key as string;
    await expectInOrder(here, { ...customer, accessKey }, load.results);
  }, 120_000);
});

describe('Redis under leased calls', () => {
  it.each([
    ['loses everything', () => redis.flushall()],
    ['is restarted empty', () => deployment.redis.kill().then(() => deployment.redis.restart())],
  ])(
    'that %s costs no charge and lets nobody overspend, also with payments in between',
    async (_what, lose) => {
      const services = await Promise.all(['one', 'two'].map((name) => deployment.start(name, LEASES)));
      const [one, two] = services as [Service, Service];
      const customer = await createCustomer(one.url, START_USD);
      const loads = services.map((service) => busy(service, customer));
      let paid = 0;
      for (let round = 0; round < 3; round++) {
        const before = await Promise.all(services.map(leasedCalls));
        await eventually(
          async () => {
            const now = await Promise.all(services.map(leasedCalls));
            return now.every((count, at) => count > (before[at] ?? 0) + CALLERS);
          },
          { timeoutMs: 60_000 },
        );
        await lose();
        const topup = { external_user_id: customer.id, amount_usd: 1, payment_id: `pi_${round}` };
        await eventually(async () => (await frontEnd(two.url, 'POST', '/topup', topup)).status === 200, {
          timeoutMs: 30_000,
        });
        paid += 500_000;
      }
      for (const load of loads) await load.stop();
      const results = loads.flatMap((load) => load.results);
      await eventually(
        async () => (await call(one.url, customer.accessKey, { model: 'free' })).status === 200,
        {
          timeoutMs: 30_000,
        },
      );
      await expectInOrder(one, customer, results, START_QUOTA + paid);
      expect(results.filter(({ completed }) => completed).length).toBeGreaterThan(3 * CALLERS);
    },
    180_000,
  );
});
