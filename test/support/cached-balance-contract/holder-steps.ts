import fc from 'fast-check';
import type { Holders } from './holders.js';

type Step = (world: Holders) => unknown;

const either = fc.integer({ min: 0, max: 1 });
const which = fc.nat(50);

/** Several calls at once: a key that is called now and then has no lease. */
const callStep = fc
  .tuple(either, fc.bigInt({ min: 1n, max: 3n }), fc.integer({ min: 1, max: 3 }))
  .map(([of, amount, times]): Step => (world) => {
    for (let left = times; left > 0; left -= 1) world.call(of, amount);
  });
/** A key becomes busy, and everything that is under way arrives. */
const busyStep = either.map((of): Step => async (world) => {
  for (let left = 3; left > 0; left -= 1) world.call(of, 1n);
  await world.drain();
});
/** Takes all there is: what nothing claims is spent twice now. */
const greedyStep = either.map(
  (of): Step =>
    (world) =>
      world.call(of, 1_000n, 1n),
);
const messages = fc.tuple(either, fc.integer({ min: 1, max: 8 }));
const deliverStep = messages.map(([of, count]): Step => async (world) => {
  for (let left = count; left > 0; left -= 1) await world.processes[of]?.wire.deliver();
});
const answerStep = messages.map(([of, count]): Step => async (world) => {
  for (let left = count; left > 0; left -= 1) await world.processes[of]?.wire.answer();
});
const endStep = fc.tuple(which, fc.integer({ min: 0, max: 5 })).map(
  ([call, share]): Step =>
    (world) =>
      share > 3 ? world.free(call) : world.charge(call, share),
);
const spoolStep = which.map(
  (call): Step =>
    (world) =>
      world.spool(call),
);
const passStep = fc.constantFrom(1, 9, 60, 130, 230).map(
  (ms): Step =>
    (world) =>
      world.pass(ms),
);
const projectStep = fc.integer({ min: 1, max: 4 }).map(
  (count): Step =>
    (world) =>
      world.project(count),
);
const revokeStep = either.map(
  (of): Step =>
    (world) =>
      world.revoke(of),
);
const topUpStep = fc.bigInt({ min: 1n, max: 30n }).map(
  (quota): Step =>
    (world) =>
      world.topUp(quota),
);
const dieStep = fc.constant<Step>((world) => world.die(1));
const sweepStep = fc.constant<Step>((world) => world.sweep(1));

/** For two living processes, of which the second may die. */
export const anyOrder = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: callStep },
    { weight: 2, arbitrary: busyStep },
    { weight: 1, arbitrary: greedyStep },
    { weight: 8, arbitrary: deliverStep },
    { weight: 8, arbitrary: answerStep },
    { weight: 5, arbitrary: endStep },
    { weight: 3, arbitrary: passStep },
    { weight: 3, arbitrary: projectStep },
    { weight: 1, arbitrary: fc.oneof(revokeStep, topUpStep, spoolStep, sweepStep) },
    {
      weight: 1,
      arbitrary: fc.oneof({ weight: 3, arbitrary: topUpStep }, { weight: 1, arbitrary: dieStep }),
    },
  ),
  { minLength: 20, maxLength: 100 },
);
