import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { eventually } from '../support/eventually.js';
import type { FaultWorld } from './faults/inject.js';
import { Link } from './cluster/link.js';
import { makePlan, partOf } from './plan/plan.js';
import { shrink } from './plan/shrink.js';
import { FaultBook } from './run/fault-book.js';
import { runTorture } from './support/run-torture.js';

it('the same seed and minutes make the same plan, another seed another one', () => {
  const [one, again, other] = [makePlan('s', 10), makePlan('s', 10), makePlan('t', 10)];
  expect(again.digest).toBe(one.digest);
  expect(again.rounds.map(({ store, faults }) => ({ store, faults }))).toEqual(
    one.rounds.map(({ store, faults }) => ({ store, faults })),
  );
  expect(other.digest).not.toBe(one.digest);
  expect(new Set(one.rounds.map(({ store }) => store))).toEqual(new Set(['eventstoredb', 'postgres']));
});

it('a failing plan is shrunk to what it fails by, and can be run again', async () => {
  const [round] = makePlan('s', 1).rounds;
  const all = round?.faults ?? [];
  const guilty = [all[3], all[9]];
  let tries = 0;
  const fails = (faults: readonly (typeof all)[number][]) => {
    tries += 1;
    return Promise.resolve(guilty.every((fault) => fault && faults.includes(fault)));
  };

  expect(await shrink(all, fails, 200)).toEqual(guilty);
  expect(tries).toBeLessThan(80);
  expect(await shrink(all, fails, 0)).toEqual(all);
  expect(await shrink(all, () => Promise.resolve(true), 200)).toEqual([]);
  expect(partOf(makePlan('s', 1).rounds, { round: '1', faults: '3,9' })[0]?.faults).toEqual(guilty);
});

it('a fault that was planned and did not happen is a failure, unless the machine cannot do it', async () => {
  const store = await Link.open(() => 1);
  const member = { links: { store }, service: {}, smallDisk: undefined };
  const world = { cluster: { member: () => member }, build: {}, oldBuild: undefined, say: () => undefined };
  const book = new FaultBook(world as unknown as FaultWorld & { say: () => undefined });
  const point = 'api: credit not yet appended';

  await book.injectAll([
    { atMs: 0, fault: { kind: 'connections cut', victim: 'api' } },
    { atMs: 0, fault: { kind: 'crash point', point, victim: 'api', withinMs: 1 } },
    { atMs: 0, fault: { kind: 'disk full', victim: 'relay-1' } },
  ]);
  await store.close();

  expect([...book.injected]).toEqual([['connections cut', 1]]);
  expect(book.passedOver).toEqual([`${point} (api): the moment did not come`]);
  expect([...book.notInjected.keys()].sort()).toEqual([point, 'disk full']);
});

it('a partition of one way holds back what is sent that way alone, and a slow link everything', async () => {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      socket.write(`${bytes.toString()} to you`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await Link.open(() => (server.address() as AddressInfo).port);
  const client = connect(link.port, '127.0.0.1');
  const answers: string[] = [];
  client.on('data', (bytes) => answers.push(bytes.toString()));
  await once(client, 'connect');

  link.closeWay('answers');
  client.write('hello');
  await eventually(() => heard.length === 1);
  expect(answers).toEqual([]);
  link.openWay('answers');
  await eventually(() => answers.length === 1);

  link.slow(60);
  const begunMs = performance.now();
  client.write('again');
  await eventually(() => answers.length === 2);
  expect(performance.now() - begunMs).toBeGreaterThan(100);
  expect(answers).toEqual(['hello to you', 'again to you']);

  client.destroy();
  await link.close();
  server.close();
});

it.each(['answer', 'after'] as const)(
  'a moment that is seen at the "%s" comes with the next connection, where one ends before its answer',
  async (moment) => {
    const server = createServer((socket) => {
      socket.on('data', (bytes) => {
        if (bytes.toString().includes('leave')) socket.destroy();
        else socket.write('answer');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link = await Link.open(() => (server.address() as AddressInfo).port);
    const ask = async (what: string) => {
      const client = connect(link.port, '127.0.0.1');
      client.on('error', () => undefined).on('data', () => client.destroy());
      client.write(what);
      await once(client, 'close');
    };
    let acted = 0;
    link.arm({ pattern: 'mine', moment, act: (cut) => (cut(), (acted += 1)) });

    await ask('mine, leave');
    await ask("another's");
    expect(acted).toBe(0);
    await ask('mine, stay');
    await eventually(() => acted === 1);

    await link.close();
    server.close();
  },
);

it('a minute of faults breaks no invariant', async () => {
  const { code, report, output } = await runTorture<{
    readonly failed: number;
    readonly passed: number;
    readonly answers: Readonly<Record<string, number>>;
  }>(['--seed', 'a minute', '--minutes', '0.6']);

  if (code !== 0) throw new Error(`it ended with ${code}:\n${output.slice(-8_000)}`);
  expect(report?.failed).toBe(0);
  expect(report?.passed).toBeGreaterThan(15);
  expect(report?.answers.acknowledged).toBeGreaterThan(0);
  expect(output.trimEnd()).toMatch(/\d+ passed, 0 failed$/);
}, 900_000);
