import { expect, it } from '@jest/globals';
import { makePlan } from './plan/plan.js';
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
