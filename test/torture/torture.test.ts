import { expect, it } from '@jest/globals';
import type { FaultWorld } from './faults/inject.js';
import { Link } from './cluster/link.js';
import { makePlan } from './plan/plan.js';
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
