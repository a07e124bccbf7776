import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BudgetKey, HoldAlreadyResolved } from '../../../src/balance/cached-balance.js';
import type { LeasedBalance } from '../../../src/balance/hold-leasing.js';
import { Model } from './model.js';
import type { OpenSubject, Subject } from './subject.js';

type Step = (cache: LeasedBalance, model: Model, salt: string) => Promise<void>;

const BUDGETS = ['account:a', 'account:b', 'token:t', 'budget:m:202611', 'budget:k:2026W49'] as const;
const budget = fc.constantFrom<BudgetKey>(...BUDGETS);
const budgets = fc.uniqueArray(budget, { minLength: 1, maxLength: 4 });
const holdNumber = fc.integer({ min: 0, max: 7 });
const amount = fc.bigInt({ min: 0n, max: 60n });
const balance = fc.bigInt({ min: -20n, max: 200n });
const position = fc.bigInt({ min: 0n, max: 30n });
const revision = fc.bigInt({ min: 0n, max: 3n });
const guards = fc.array(fc.record({ key: budget, revision }), { maxLength: 2 });

/** A charge belongs to its hold: settled twice, it is the same charge at the same position. */
const chargeOf = (hold: number) => ({ charge: BigInt((hold * 13) % 60), position: BigInt((hold * 7) % 31) });

const salted = (key: BudgetKey, salt: string): BudgetKey => `${key}-${salt}`;

const holdStep = fc
  .record({ hold: holdNumber, budgets, amount, share: fc.integer({ min: 0, max: 3 }), guards })
  .map(({ hold, share, ...rest }): Step => {
    return async (cache, model, salt) => {
      const request = {
        holdId: `${hold}-${salt}`,
        budgets: rest.budgets.map((key) => salted(key, salt)),
        amount: rest.amount,
        atLeast: (rest.amount * BigInt(share)) / 3n,
        guards: rest.guards.map((guard) => ({ ...guard, key: salted(guard.key, salt) })),
        context: '{}',
      };
      const before = model.isOpen(request.holdId);
      const outcome = await cache.hold(request).catch((error: unknown) => {
        if (error instanceof HoldAlreadyResolved) return 'resolved' as const;
        throw error;
      });
      expect(outcome).toEqual(model.hold(request));
      if (before || outcome === 'resolved' || outcome.outcome !== 'held' || outcome.granted === 0n) return;
      for (const key of request.budgets) {
        const view = await cache.view(key);
        expect(view && view.held <= view.balance).toBe(true);
      }
    };
  });

const leaseStep = fc
  .record({ hold: holdNumber, budgets, amount, key: budget, revision })
  .map(({ hold, key, ...rest }): Step => async (cache, model, salt) => {
    const request = {
      holdId: `${hold}-${salt}`,
      budgets: rest.budgets.map((each) => salted(each, salt)),
      amount: rest.amount,
      atLeast: 1n < rest.amount ? 1n : rest.amount,
      guards: [{ key: salted(key, salt), revision: rest.revision }],
      context: '{}',
    };
    const outcome = await cache.takeLease(request).catch((error: unknown) => {
      if (error instanceof HoldAlreadyResolved) return 'resolved' as const;
      throw error;
    });
    expect(outcome).toEqual(model.takeLease(request));
  });

const closeStep = fc
  .record({
    hold: holdNumber,
    calls: fc.uniqueArray(holdNumber, { maxLength: 2 }),
    charged: fc.boolean(),
    budgets,
  })
  .map(({ hold, charged, ...rest }): Step => async (cache, model, salt) => {
    const settled = charged ? chargeOf(hold) : undefined;
    const calls = rest.calls.map((call) => ({
      holdId: `${call}-${salt}`,
      budgets: rest.budgets.map((key) => salted(key, salt)),
      granted: BigInt(call),
    }));
    const open = calls.map((call) => ({ ...call, context: '{}', deliveredTokens: 0, leaseExpiresAtMs: 0 }));
    const closed = await cache.closeLease({ leaseId: `${hold}-${salt}`, settled, calls: open });
    expect(closed).toBe(model.closeLease(`${hold}-${salt}`, settled, calls));
  });

const settleStep = holdNumber.map((hold): Step => async (cache, model, salt) => {
  const { charge, position } = chargeOf(hold);
  await cache.settle([{ holdId: `${hold}-${salt}`, charge, position }]);
  model.settle(`${hold}-${salt}`, charge, position);
});

const releaseStep = holdNumber.map((hold): Step => async (cache, model, salt) => {
  await cache.release([`${hold}-${salt}`]);
  model.release(`${hold}-${salt}`);
});

const registerStep = fc
  .record({ hold: holdNumber, budgets, granted: amount, charged: fc.boolean() })
  .map(({ hold, budgets, granted, charged }): Step => async (cache, model, salt) => {
    const open = {
      holdId: `${hold}-${salt}`,
      budgets: budgets.map((key) => salted(key, salt)),
      granted,
      ...(charged ? { settled: chargeOf(hold) } : {}),
    };
    await cache.register([{ ...open, context: '{}', deliveredTokens: 0, leaseExpiresAtMs: 0 }]);
    model.register(open);
  });

const loadStep = fc
  .record({ budget, balance, position, revision })
  .map((snapshot): Step => async (cache, model, salt) => {
    const own = { ...snapshot, budget: salted(snapshot.budget, salt) };
    await cache.load([own]);
    model.load(own);
  });

const applyStep = fc
  .record({
    balances: fc.array(fc.record({ budget, balance, position }), { maxLength: 2 }),
    resolved: fc.array(holdNumber, { maxLength: 2 }),
  })
  .map(({ balances, resolved }): Step => async (cache, model, salt) => {
    const own = balances.map((row) => ({ ...row, budget: salted(row.budget, salt) }));
    const resolvedHolds = resolved.map((hold) => `${hold}-${salt}`);
    await cache.apply({ position: 1n, balances: own, resolvedHolds });
    model.apply(own, resolvedHolds);
  });

const raiseStep = fc.record({ key: budget, revision }).map((guard): Step => async (cache, model, salt) => {
  const own = { ...guard, key: salted(guard.key, salt) };
  await cache.raiseGuards([own]);
  model.raise(own);
});

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: holdStep },
    { weight: 3, arbitrary: loadStep },
    { weight: 2, arbitrary: settleStep },
    { weight: 3, arbitrary: leaseStep },
    { weight: 2, arbitrary: closeStep },
    { weight: 2, arbitrary: applyStep },
    { weight: 1, arbitrary: fc.oneof(releaseStep, registerStep, raiseStep) },
  ),
  { minLength: 5, maxLength: 60 },
);

export function describeAgreementWithModel(open: OpenSubject): void {
  describe('any sequence of calls', () => {
    let subject: Subject;
    beforeAll(async () => void (subject = await open({ leaseMs: 15_000 })));
    afterAll(() => subject.close());

    it('ends where the plain model ends, and never grants more than there is', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (sequence) => {
          const [model, salt] = [new Model(), String((run += 1))];
          for (const [index, step] of sequence.entries()) {
            await step(index % 2 === 0 ? subject.cache : subject.other, model, salt);
            await Promise.all(BUDGETS.map((key) => compare(subject.cache, model, salted(key, salt))));
            const guard = { key: salted('account:a', salt), revision: 2n };
            expect(await subject.other.isLeased([guard])).toBe(model.isLeased(guard));
          }
        }),
        { numRuns: 150 },
      );
    });
  });
}

async function compare(cache: LeasedBalance, model: Model, key: BudgetKey): Promise<void> {
  const view = await cache.view(key);
  const expected = model.budgets.get(key);
  const actual = view && {
    balance: view.balance,
    position: view.position,
    revision: view.revision,
    held: view.held,
    holds: view.holds.map(({ holdId, granted, settled }) => ({ holdId, granted, settled })).sort(byId),
  };
  const holds = model.claimsOf(key).map(({ holdId, granted, settled }) => ({ holdId, granted, settled }));
  expect(actual).toEqual(
    expected && {
      ...expected,
      revision: model.guards.get(key),
      held: model.held(key),
      holds: holds.sort(byId),
    },
  );
}

function byId(a: { readonly holdId: string }, b: { readonly holdId: string }): number {
  return a.holdId < b.holdId ? -1 : 1;
}
