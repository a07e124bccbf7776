import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { expectBooksInOrder, expectOneChargeEach } from './support/books.js';
import {
  available,
  balanceOf,
  call,
  type CallResult,
  createCustomer,
  createTeamCustomer,
} from './support/clients.js';
import { Deployment, type Service } from './support/deployment.js';

const CALLS = 500;
const CALLERS = 25;
/** More than any of these outages lasts. */
const [ATTEMPTS, RETRY_AFTER_MS] = [100, 50];
const START_USD = 50;
const START_QUOTA = 25_000_000;
/** The key is a member's, so that every call is held against four budgets, of which each is as much as the balance. */
const TEAMS = { TEAMS: 'on' };
/** Lease, sweeper's pace and the projection of what it recorded. */
const NO_HOLDS_WITHIN_MS = 40_000;

let deployment: Deployment | undefined;

afterEach(async () => {
  await deployment?.close();
  deployment = undefined;
});

/** Sends the calls of both kinds and prices, 25 at a time, to whichever process runs; `beforeCall` is told how many were begun. */
async function sendCalls(
  customers: readonly Parameters<typeof balanceOf>[1][],
  serviceFor: (index: number) => Promise<Service>,
  beforeCall: (begun: number) => void,
): Promise<CallResult[]> {
  const results: CallResult[] = [];
  let begun = 0;
  const caller = async () => {
    while (begun < CALLS) {
      const index = begun++;
      let { url } = await serviceFor(index);
      beforeCall(index);
      // One after the other, so that the key of the last is as busy as one that leases.
      const turn = Math.floor((index * customers.length) / CALLS);
      const { accessKey } = customers[turn] as (typeof customers)[number];
      const model = index % 4 < 2 ? 'per-call' : 'by-token';
      // What is refused while the log is away is sent again, as clients do: else an outage would be met by all that is left, as fast as it is refused.
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const requestId = `${index % 20 === 0 ? 'slow' : 'call'}-${index}-${attempt}`;
        const result = await call(url, accessKey, { model, stream: index % 2 === 0, requestId });
        results.push(result);
        if (result.status !== 503) break;
        await sleep(RETRY_AFTER_MS);
        ({ url } = await serviceFor(index));
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return results;
}

/** Moments at which a process is killed: one somewhere in each of `count` equal parts of the calls. */
function randomMoments(count: number): number[] {
  const part = CALLS / count;
  return Array.from({ length: count }, (_, index) => Math.floor((index + 0.1 + 0.8 * Math.random()) * part));
}

/** A stream that is asked for slowly outlives a heartbeat, so that what was delivered of it is known when its process dies. */
function openSlowly(opened: Deployment): void {
  opened.upstream.pauseMs = (asked) => (asked.startsWith('slow') ? 500 : 5);
}

async function expectEverythingInOrder(
  opened: Deployment,
  url: string,
  customers: readonly Parameters<typeof balanceOf>[1][],
  results: readonly CallResult[],
): Promise<void> {
  const left: number[] = [];
  for (const customer of customers) {
    await eventually(
      async () => (await available(url, customer.accessKey)) === (await balanceOf(url, customer)),
      { timeoutMs: NO_HOLDS_WITHIN_MS, intervalMs: 250 },
    );
    left.push(await balanceOf(url, customer));
  }
  const charged = await expectOneChargeEach(opened.store, results, opened.upstream);
  const sum = left.reduce((total, each) => total + each, 0);
  expect(sum).toBe(customers.length * START_QUOTA - Number(charged));
  await expectBooksInOrder(opened);
}

describe('kill -9 of the service among 500 calls, JSON and streams', () => {
  it('loses and doubles no charge of the single process with its log in PostgreSQL', async () => {
    deployment = await Deployment.open({ cache: 'in-process' });
    const opened = deployment;
    openSlowly(opened);
    let running = opened.start('only', TEAMS);
    const customers = [await createTeamCustomer((await running).url, START_USD)];
    const moments = randomMoments(4);

    const results = await sendCalls(
      customers,
      () => running,
      (index) => {
        if (!moments.includes(index)) return;
        running = running.then(async ({ process }) => {
          await process.kill();
          return opened.start('only', TEAMS);
        });
      },
    );

    expect(results.filter(({ completed }) => completed).length).toBeGreaterThan(CALLS / 2);
    expect(results.some(({ status }) => status === 0)).toBe(true);
    await expectEverythingInOrder(opened, (await running).url, customers, results);
  }, 180_000);

  it('loses and doubles no charge of two processes on Redis and EventStoreDB, which loses acknowledgements besides', async () => {
    deployment = await Deployment.open({ cache: 'redis', log: 'eventstoredb' });
    const opened = deployment;
    openSlowly(opened);
    const names = ['one', 'two'] as const;
    // What a process has leased when it dies is freed as its holds are, and what it charged in leases is charged once. Keys of teams never lease.
    const start = (name: string) => opened.start(name, { ...TEAMS, HOLD_LEASES: 'on' });
    const running = names.map(start);
    const service = (index: number) => running[index % names.length] as Promise<Service>;
    const { url: first } = await service(0);
    const customers = [await createTeamCustomer(first, START_USD), await createCustomer(first, START_USD)];
    const moments = randomMoments(3);

    const results = await sendCalls(customers, service, (index) => {
      if (index % 50 === 25) opened.standIn.fault('drop-ack', { times: 2 });
      const kill = moments.indexOf(index);
      if (kill < 0) return;
      const victim = kill % names.length;
      running[victim] = service(victim).then(async ({ process }) => {
        await process.kill();
        return start(names[victim] as string);
      });
    });

    expect(results.filter(({ completed }) => completed).length).toBeGreaterThan(CALLS / 2);
    const [{ url }] = (await Promise.all(running)) as [Service, Service];
    const figures = await Promise.all(
      running.map(async (each) => (await fetch(`${(await each).url}/metrics`)).text()),
    );
    expect(figures.join('')).toMatch(/^counterfoil_leased_calls [1-9]/m);
    await expectEverythingInOrder(opened, url, customers, results);
  }, 180_000);
});
