import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { HoldAlreadyResolved } from '../../../src/balance/cached-balance.js';
import {
  availableOf,
  newAccount,
  newToken,
  type OpenSubject,
  requestOf,
  snapshotOf,
  type Subject,
} from './subject.js';

const MAX = 9_007_199_254_740_991n;

export function describeGrants(open: OpenSubject): void {
  describe('hold', () => {
    let subject: Subject;
    beforeAll(async () => void (subject = await open({ leaseMs: 15_000 })));
    afterAll(() => subject.close());

    it('asks for budgets and guarded keys that are not cached, each once', async () => {
      const [account, token, cached] = [newAccount(), newToken(), newAccount()];
      await subject.cache.load([snapshotOf(cached, 100n)]);
      const guards = [
        { key: token, revision: 0n },
        { key: account, revision: 0n },
        { key: cached, revision: 0n },
      ];
      const outcome = await subject.cache.hold(requestOf([account, cached], 10n, { guards }));
      expect(outcome).toEqual({ outcome: 'missing', budgets: [account, token] });
      expect(await subject.cache.view(account)).toBeUndefined();
      expect(await availableOf(subject.cache, cached)).toBe(100n);
    });

    it('grants what there is, then says how much is missing', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n)]);
      expect(await subject.cache.hold(requestOf([account], 60n))).toEqual({ outcome: 'held', granted: 60n });
      expect(await subject.other.hold(requestOf([account], 60n))).toEqual({
        outcome: 'insufficient',
        budget: account,
        needed: 60n,
        available: 40n,
      });
      expect(await subject.other.hold(requestOf([account], 40n))).toEqual({ outcome: 'held', granted: 40n });
      expect(await availableOf(subject.cache, account)).toBe(0n);
    });

    it('lowers a hold to what the budget carries, but not below the least', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n)]);
      const clamped = await subject.cache.hold(requestOf([account], 150n, { atLeast: 100n }));
      expect(clamped).toEqual({ outcome: 'held', granted: 100n });
      const refused = await subject.cache.hold(requestOf([account], 150n, { atLeast: 1n }));
      expect(refused).toEqual({ outcome: 'insufficient', budget: account, needed: 1n, available: 0n });
    });

    it('holds on both budgets or on none', async () => {
      const [account, token] = [newAccount(), newToken()];
      await subject.cache.load([snapshotOf(account, 100n), snapshotOf(token, 30n)]);
      const refused = await subject.cache.hold(requestOf([account, token], 50n));
      expect(refused).toEqual({ outcome: 'insufficient', budget: token, needed: 50n, available: 30n });
      expect(await availableOf(subject.cache, account)).toBe(100n);
      const clamped = await subject.cache.hold(requestOf([account, token], 50n, { atLeast: 20n }));
      expect(clamped).toEqual({ outcome: 'held', granted: 30n });
      expect(await availableOf(subject.cache, account)).toBe(70n);
      expect(await availableOf(subject.cache, token)).toBe(0n);
    });

    it('holds on four budgets or on none, names the poorest, and a new period is another one', async () => {
      const [account, token] = [newAccount(), newToken()];
      const of = (period: string) =>
        [`budget:m-${account}:${period}`, `budget:k-${account}:${period}`] as const;
      const budgets = [account, token, ...of('202611')];
      await subject.cache.load(
        budgets.map((budget, index) => snapshotOf(budget, [100n, 90n, 30n, 80n][index] ?? 0n)),
      );
      const refused = await subject.cache.hold(requestOf(budgets, 50n));
      expect(refused).toEqual({ outcome: 'insufficient', budget: budgets[2], needed: 50n, available: 30n });
      const request = requestOf(budgets, 20n);
      expect(await subject.cache.hold(request)).toEqual({ outcome: 'held', granted: 20n });
      const available = () => Promise.all(budgets.map((budget) => availableOf(subject.other, budget)));
      expect(await available()).toEqual([80n, 70n, 10n, 60n]);
      const next = [account, token, ...of('202612')];
      expect(await subject.cache.hold(requestOf(next, 20n))).toEqual({
        outcome: 'missing',
        budgets: next.slice(2),
      });
      await subject.cache.load(next.slice(2).map((budget) => snapshotOf(budget, 80n)));
      expect(await subject.cache.hold(requestOf(next, 40n))).toEqual({ outcome: 'held', granted: 40n });
      expect(await available()).toEqual([40n, 30n, 10n, 60n]);
      // The charge of the one that crossed the boundary is of the period that it was held in.
      await subject.cache.settle([{ holdId: request.holdId, charge: 5n, position: 17n }]);
      expect(await available()).toEqual([55n, 45n, 25n, 75n]);
      await subject.cache.apply({
        position: 17n,
        balances: [95n, 85n, 25n, 75n].map((balance, index) => ({
          budget: budgets[index] ?? account,
          balance,
          position: 17n,
        })),
        resolvedHolds: [request.holdId],
      });
      expect(await available()).toEqual([55n, 45n, 25n, 75n]);
      const five = [...budgets, `budget:x-${account}:202611`] as const;
      await expect(subject.cache.hold(requestOf(five, 1n))).rejects.toThrow(RangeError);
    });

    it('grants a hold of nothing on an overdrawn account, and nothing else', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, -5n)]);
      expect(await subject.cache.hold(requestOf([account], 0n))).toEqual({ outcome: 'held', granted: 0n });
      expect(await subject.cache.hold(requestOf([account], 1n))).toMatchObject({ available: -5n });
    });

    it('answers a repeated hold as the first time, also after it was settled', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n)]);
      const request = requestOf([account], 80n);
      const first = await subject.cache.hold(request);
      expect(await subject.other.hold(request)).toEqual(first);
      await subject.cache.settle([{ holdId: request.holdId, charge: 5n, position: 11n }]);
      expect(await subject.other.hold({ ...request, amount: 1n, atLeast: 1n })).toEqual(first);
      expect(await availableOf(subject.cache, account)).toBe(95n);
    });

    it('answers each of many that are asked for at once as if they came one after the other', async () => {
      const [account, token, unknown] = [newAccount(), newToken(), newAccount()];
      await subject.cache.load([snapshotOf(account, 100n), snapshotOf(token, 1_000n, 10n, 5n)]);
      const gone = requestOf([account], 1n);
      await subject.cache.hold(gone);
      await subject.cache.release([gone.holdId]);
      const twice = requestOf([account, token], 30n);
      const stale = [{ key: token, revision: 4n }];
      const newer = [{ key: token, revision: 6n }];
      const asked = [
        requestOf([account], 60n),
        twice,
        requestOf([account], 50n, { atLeast: 20n }),
        requestOf([unknown], 1n),
        twice,
        requestOf([account], 5n, { guards: stale }),
        requestOf([account], 4n, { guards: newer }),
        requestOf([account], 1n, { guards: [{ key: token, revision: 5n }] }),
        requestOf([account], 6n),
        requestOf([account], 7n),
      ];
      const [resolved, ...outcomes] = await Promise.allSettled(
        [gone, ...asked].map((request) => subject.cache.hold(request)),
      );
      expect(resolved).toMatchObject({ status: 'rejected', reason: expect.any(HoldAlreadyResolved) });
      expect(outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value)).toEqual([
        { outcome: 'held', granted: 60n },
        { outcome: 'held', granted: 30n },
        { outcome: 'insufficient', budget: account, needed: 20n, available: 10n },
        { outcome: 'missing', budgets: [unknown] },
        { outcome: 'held', granted: 30n },
        { outcome: 'stale', key: token, revision: 5n },
        { outcome: 'held', granted: 4n },
        { outcome: 'stale', key: token, revision: 6n },
        { outcome: 'held', granted: 6n },
        { outcome: 'insufficient', budget: account, needed: 7n, available: 0n },
      ]);
      expect(await subject.cache.view(account)).toMatchObject({ balance: 100n, held: 100n });
      await subject.cache.release([asked[0]?.holdId ?? '', twice.holdId, twice.holdId, 'never-held']);
      expect(await availableOf(subject.cache, account)).toBe(90n);
      expect(await availableOf(subject.cache, token)).toBe(1_000n);
    });

    it('does not bring a resolved hold back', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n)]);
      const [released, applied] = [requestOf([account], 10n), requestOf([account], 10n)];
      await subject.cache.hold(released);
      await subject.cache.hold(applied);
      await subject.cache.release([released.holdId]);
      await subject.cache.apply({ position: 11n, balances: [], resolvedHolds: [applied.holdId] });
      await expect(subject.other.hold(released)).rejects.toThrow(HoldAlreadyResolved);
      await expect(subject.other.hold(applied)).rejects.toThrow(HoldAlreadyResolved);
      expect(await availableOf(subject.cache, account)).toBe(100n);
    });

    it('refuses a hold that comes after its own release', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n)]);
      const request = requestOf([account], 10n);
      await subject.cache.release([request.holdId]);
      await expect(subject.cache.hold(request)).rejects.toThrow(HoldAlreadyResolved);
    });

    it('is exact up to the account ceiling', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, MAX, MAX, MAX)]);
      const request = requestOf([account], MAX - 1n);
      expect(await subject.cache.hold(request)).toEqual({ outcome: 'held', granted: MAX - 1n });
      expect(await subject.cache.view(account)).toMatchObject({
        balance: MAX,
        position: MAX,
        revision: MAX,
        held: MAX - 1n,
        holds: [{ holdId: request.holdId, granted: MAX - 1n }],
      });
      expect(await subject.cache.hold(requestOf([account], 1n))).toEqual({ outcome: 'held', granted: 1n });
      expect(await subject.cache.hold(requestOf([account], 1n))).toMatchObject({ available: 0n });
    });

    it('refuses what it could not keep exactly or boundedly', async () => {
      const account = newAccount();
      const { cache } = subject;
      await expect(cache.hold(requestOf([account], MAX + 1n))).rejects.toThrow(RangeError);
      await expect(cache.hold(requestOf([account], -1n))).rejects.toThrow(RangeError);
      await expect(cache.hold(requestOf([account], 1n, { atLeast: 2n }))).rejects.toThrow(RangeError);
      await expect(cache.hold(requestOf([], 1n))).rejects.toThrow(RangeError);
      await expect(cache.hold(requestOf([account, account], 1n))).rejects.toThrow(RangeError);
      await expect(cache.hold(requestOf([account], 1n, { context: '金'.repeat(683) }))).rejects.toThrow(
        RangeError,
      );
      await expect(cache.load([snapshotOf(account, MAX + 1n)])).rejects.toThrow(RangeError);
      await expect(cache.settle([{ holdId: randomUUID(), charge: -1n, position: 1n }])).rejects.toThrow(
        RangeError,
      );
    });

    it('grants exactly 57 of 200 concurrent holds where 57 fit', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 57n * 1_000n + 999n)]);
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          (index % 2 === 0 ? subject.cache : subject.other).hold(requestOf([account], 1_000n)),
        ),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'held')).toHaveLength(57);
      expect(outcomes.filter(({ outcome }) => outcome === 'insufficient')).toHaveLength(143);
      expect(await availableOf(subject.other, account)).toBe(999n);
    });
  });
}
