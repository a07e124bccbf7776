import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type BudgetKey, HoldAlreadyResolved, type OpenHold } from '../../../src/balance/cached-balance.js';
import {
  availableOf,
  newAccount,
  newToken,
  type OpenSubject,
  requestOf,
  snapshotOf,
  type Subject,
} from './subject.js';

export function describeHoldLeases(open: OpenSubject): void {
  describe('leases of holds', () => {
    let subject: Subject;
    let account: BudgetKey;
    beforeAll(async () => void (subject = await open({ leaseMs: 15_000 })));
    afterAll(() => subject.close());
    beforeEach(async () => {
      account = newAccount();
      await subject.cache.load([snapshotOf(account, 8_000n, 10n, 3n)]);
    });

    const leaseOf = (amount: bigint, atLeast = amount) =>
      requestOf([account], amount, { atLeast, guards: [{ key: account, revision: 3n }] });
    const callOf = (granted: bigint): OpenHold => ({
      holdId: randomUUID(),
      budgets: [account],
      granted,
      context: '{"kind":"call"}',
      deliveredTokens: 5,
      leaseExpiresAtMs: 0,
    });
    const isLeased = () => subject.other.isLeased([{ key: account, revision: 4n }]);

    it('claims as a hold does, at most of an eighth of what there is, and answers a repetition as the first time', async () => {
      const lease = leaseOf(5_000n, 400n);
      expect(await subject.cache.takeLease(lease)).toEqual({ outcome: 'held', granted: 1_000n });
      expect(await subject.other.takeLease({ ...lease, amount: 400n })).toEqual({
        outcome: 'held',
        granted: 1_000n,
      });
      expect(await availableOf(subject.other, account)).toBe(7_000n);
      expect(await subject.other.takeLease(leaseOf(876n))).toEqual({
        outcome: 'insufficient',
        budget: account,
        needed: 876n,
        available: 7_000n,
      });
    });

    it('is refused to an old copy of its key, on budgets that are not cached, and without guards', async () => {
      await subject.other.raiseGuards([{ key: account, revision: 4n }]);
      expect(await subject.cache.takeLease(leaseOf(10n))).toEqual({
        outcome: 'stale',
        key: account,
        revision: 4n,
      });
      const token = newToken();
      const guards = [{ key: account, revision: 4n }];
      const missing = { outcome: 'missing', budgets: [token] };
      expect(await subject.cache.takeLease(requestOf([account, token], 1n, { guards }))).toEqual(missing);
      await expect(subject.cache.takeLease(requestOf([account], 1n))).rejects.toThrow('one guard');
      expect(await isLeased()).toBe(false);
    });

    it('is known to who raises a guard of its until it is closed, and not to who raises another', async () => {
      const lease = leaseOf(10n);
      await subject.cache.takeLease(lease);
      await subject.other.raiseGuards([{ key: account, revision: 4n }]);
      expect(await isLeased()).toBe(true);
      const others = [
        { key: account, revision: 3n },
        { key: newAccount(), revision: 9n },
      ];
      expect(await subject.other.isLeased(others)).toBe(false);
      const end = { leaseId: lease.holdId, settled: undefined, calls: [] };
      expect(await subject.cache.closeLease(end)).toBe('closed');
      expect(await isLeased()).toBe(false);
      expect(await availableOf(subject.cache, account)).toBe(8_000n);
      await expect(subject.cache.takeLease(lease)).rejects.toThrow(HoldAlreadyResolved);
    });

    it('is known to whoever finds its account short, and none is granted there for a while', async () => {
      const lease = leaseOf(10n);
      await subject.cache.takeLease(lease);
      expect(await subject.other.spare(newAccount())).toBe(false);
      expect(await subject.other.spare(account)).toBe(true);
      const refused = { outcome: 'insufficient', budget: account, needed: 10n, available: 0n };
      expect(await subject.cache.takeLease(leaseOf(10n))).toEqual(refused);
      expect(await subject.cache.takeLease(lease)).toEqual({ outcome: 'held', granted: 10n });
      expect(await subject.cache.hold(requestOf([account], 7_990n))).toMatchObject({ outcome: 'held' });
      expect(
        await subject.cache.closeLease({
          leaseId: lease.holdId,
          settled: { charge: 4n, position: 12n },
          calls: [],
        }),
      ).toBe('closed');
      expect(await subject.other.spare(account)).toBe(false);
    });

    it('of which somebody let go by itself keeps nobody waiting', async () => {
      const [released, settled] = [leaseOf(10n), leaseOf(20n)];
      await subject.cache.takeLease(released);
      await subject.cache.takeLease(settled);
      await subject.cache.release([released.holdId]);
      expect(await isLeased()).toBe(true);
      await subject.cache.settle([{ holdId: settled.holdId, charge: 20n, position: 12n }]);
      expect(await isLeased()).toBe(false);
      const end = { leaseId: settled.holdId, settled: undefined, calls: [callOf(1n)] };
      expect(await subject.cache.closeLease(end)).toBe('unknown');
      expect(await availableOf(subject.cache, account)).toBe(7_980n);
    });

    it('leaves holds for its open calls and a claim for their charges, and nothing for what was resolved', async () => {
      const lease = leaseOf(900n);
      await subject.cache.takeLease(lease);
      const [running, released, projected] = [callOf(100n), callOf(100n), callOf(100n)];
      await subject.cache.release([released.holdId]);
      const balances = [{ budget: account, balance: 7_900n, position: 11n }];
      await subject.other.apply({ position: 11n, balances, resolvedHolds: [projected.holdId] });
      const end = {
        leaseId: lease.holdId,
        settled: { charge: 70n, position: 12n },
        calls: [running, released, projected],
      };
      expect(await subject.cache.closeLease(end)).toBe('closed');
      const view = await subject.other.view(account);
      expect(view?.held).toBe(170n);
      expect(view?.holds).toHaveLength(2);
      expect(view?.holds).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ holdId: running.holdId, granted: 100n, deliveredTokens: 5 }),
          expect.objectContaining({ holdId: lease.holdId, settled: end.settled }),
        ]),
      );
      const later = [{ budget: account, balance: 7_830n, position: 12n }];
      await subject.other.apply({ position: 12n, balances: later, resolvedHolds: [] });
      expect(await subject.cache.view(account)).toMatchObject({ held: 100n });
      expect(await subject.cache.closeLease(end)).toBe('unknown');
      expect(await subject.cache.view(account)).toMatchObject({ held: 100n });
    });

    it('leaves no claim for charges that the tables have', async () => {
      const lease = leaseOf(900n);
      await subject.cache.takeLease(lease);
      const balances = [{ budget: account, balance: 7_900n, position: 12n }];
      await subject.other.apply({ position: 12n, balances, resolvedHolds: [] });
      const end = { leaseId: lease.holdId, settled: { charge: 100n, position: 12n }, calls: [] };
      expect(await subject.cache.closeLease(end)).toBe('closed');
      expect(await subject.cache.view(account)).toMatchObject({ balance: 7_900n, held: 0n, holds: [] });
    });
  });
}
