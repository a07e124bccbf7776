import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BudgetKey, OpenHold } from '../../../src/balance/cached-balance.js';
import {
  availableOf,
  newAccount,
  newToken,
  type OpenSubject,
  requestOf,
  snapshotOf,
  type Subject,
} from './subject.js';

export function describeSettlement(open: OpenSubject): void {
  describe('settle, release, apply, load', () => {
    let subject: Subject;
    let account: BudgetKey;
    beforeAll(async () => void (subject = await open({ leaseMs: 15_000 })));
    afterAll(() => subject.close());
    beforeEach(async () => {
      account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n)]);
    });

    /** A granted hold on the account (and more budgets), by its id. */
    async function held(amount: bigint, ...more: BudgetKey[]): Promise<string> {
      const request = requestOf([account, ...more], amount);
      expect(await subject.cache.hold(request)).toEqual({ outcome: 'held', granted: amount });
      return request.holdId;
    }

    it('shrinks or grows a hold to its charge until the projection contains it', async () => {
      const [small, large] = [await held(30n), await held(30n)];
      await subject.other.settle([
        { holdId: small, charge: 7n, position: 11n },
        { holdId: large, charge: 41n, position: 12n },
      ]);
      expect(await availableOf(subject.cache, account)).toBe(52n);
      const balances = [{ budget: account, balance: 52n, position: 12n }];
      await subject.cache.apply({ position: 12n, balances, resolvedHolds: [small, large] });
      expect(await subject.cache.view(account)).toMatchObject({ balance: 52n, held: 0n, holds: [] });
      expect(await subject.other.appliedPosition()).toBe(12n);
    });

    it('remembers the last event that it was told of, across batches without one and such as come late', async () => {
      const at = (await subject.cache.appliedPosition()) ?? 0n;
      const balances: [] = [];
      const resolvedHolds: [] = [];
      const told = randomUUID();
      const late = randomUUID();
      await subject.cache.apply({ position: at + 2n, last: told, balances, resolvedHolds });
      await subject.other.apply({ position: at + 1n, last: late, balances, resolvedHolds });
      await subject.other.apply({ position: at + 3n, balances, resolvedHolds });
      expect(await subject.other.lastApplied()).toBe(told);
      expect(await subject.cache.appliedPosition()).toBe(at + 3n);
    });

    it('remembers the farthest that any process has seen the log, which is nothing that it was brought to', async () => {
      const { position: at } = (await subject.cache.farthestSeen()) ?? { position: 0n };
      const applied = await subject.cache.appliedPosition();
      const last = randomUUID();
      await subject.cache.noteSeen({ position: at + 2n, last });
      await subject.other.noteSeen({ position: at + 1n, last: randomUUID() });
      await subject.other.noteSeen({ position: at + 2n });
      expect(await subject.other.farthestSeen()).toEqual({ position: at + 2n, last });
      await subject.other.noteSeen({ position: at + 3n });
      expect(await subject.cache.farthestSeen()).toEqual({ position: at + 3n, last: undefined });
      expect(await subject.cache.appliedPosition()).toBe(applied);
      await expect(subject.cache.noteSeen({ position: at + 4n, last: 'x'.repeat(1_025) })).rejects.toThrow(
        RangeError,
      );
    });

    it('drops a hold that is settled after the projection has passed its charge', async () => {
      const holdId = await held(30n);
      const balances = [{ budget: account, balance: 80n, position: 20n }];
      await subject.cache.apply({ position: 20n, balances, resolvedHolds: [] });
      expect(await availableOf(subject.cache, account)).toBe(50n);
      await subject.other.settle([{ holdId, charge: 20n, position: 20n }]);
      expect(await subject.cache.view(account)).toMatchObject({ held: 0n, holds: [] });
      expect(await subject.cache.renew([{ holdId, deliveredTokens: 0 }])).toEqual([holdId]);
    });

    it('drops a hold that was never settled once the projector says that it is resolved', async () => {
      const holdId = await held(30n);
      const balances = [{ budget: account, balance: 90n, position: 11n }];
      await subject.other.apply({ position: 11n, balances, resolvedHolds: [holdId, randomUUID()] });
      await subject.cache.settle([{ holdId, charge: 10n, position: 11n }]);
      expect(await subject.cache.view(account)).toMatchObject({ balance: 90n, held: 0n, holds: [] });
    });

    it('takes balances of two appliers in any order, the newest wins', async () => {
      const holdId = await held(30n);
      const late = { budget: account, balance: 60n, position: 15n };
      const early = { budget: account, balance: 95n, position: 12n };
      await Promise.all([
        subject.other.apply({ position: 15n, balances: [late], resolvedHolds: [] }),
        subject.cache.apply({ position: 12n, balances: [early], resolvedHolds: [holdId] }),
      ]);
      expect(await subject.cache.view(account)).toMatchObject({ balance: 60n, position: 15n, held: 0n });
    });

    it('heals a settled hold that an applier died over, as soon as a newer balance contains it', async () => {
      const [lost, open] = [await held(10n), await held(20n)];
      await subject.cache.settle([{ holdId: lost, charge: 9n, position: 11n }]);
      const balances = [{ budget: account, balance: 86n, position: 14n }];
      await subject.cache.apply({ position: 14n, balances, resolvedHolds: [] });
      expect(await subject.cache.view(account)).toMatchObject({ held: 20n, holds: [{ holdId: open }] });
    });

    it('counts a settled hold in each budget until that one contains it', async () => {
      const token = newToken();
      await subject.cache.load([snapshotOf(token, 50n)]);
      const holdId = await held(30n, token);
      await subject.cache.settle([{ holdId, charge: 20n, position: 11n }]);
      await subject.cache.load([snapshotOf(token, 30n, 11n)]);
      expect(await subject.cache.view(token)).toMatchObject({ balance: 30n, held: 0n });
      expect(await subject.cache.view(account)).toMatchObject({ balance: 100n, held: 20n });
      await subject.cache.load([snapshotOf(account, 80n, 11n)]);
      expect(await subject.cache.view(account)).toMatchObject({ balance: 80n, held: 0n });
      expect(await subject.cache.renew([{ holdId, deliveredTokens: 0 }])).toEqual([holdId]);
    });

    it('frees a released hold, and ignores ids it does not know', async () => {
      const holdId = await held(30n);
      await subject.other.release([holdId, randomUUID()]);
      await subject.other.release([holdId]);
      await subject.cache.settle([{ holdId: randomUUID(), charge: 1n, position: 1n }]);
      expect(await availableOf(subject.cache, account)).toBe(100n);
    });

    it('takes no snapshot that is older than what is cached', async () => {
      await subject.cache.load([snapshotOf(account, 500n, 9n), snapshotOf(account, 600n, 10n)]);
      expect(await subject.cache.view(account)).toMatchObject({ balance: 100n, position: 10n });
      await subject.cache.load([snapshotOf(account, 700n, 11n)]);
      expect(await subject.cache.view(account)).toMatchObject({ balance: 700n, position: 11n });
    });

    it('takes no snapshot that was read before a balance that came while the budget was not cached', async () => {
      const cold = newAccount();
      const balances = [{ budget: cold, balance: 70n, position: 20n }];
      await subject.cache.apply({ position: 20n, balances, resolvedHolds: [] });
      expect(await subject.cache.view(cold)).toBeUndefined();
      await subject.cache.load([snapshotOf(cold, 100n, 19n)]);
      expect(await subject.cache.view(cold)).toBeUndefined();
      await subject.cache.load([snapshotOf(cold, 70n, 20n)]);
      expect(await subject.cache.view(cold)).toMatchObject({ balance: 70n, position: 20n });
    });

    it('registers holds again, whatever is available, but none twice and none that is over', async () => {
      const cold = newAccount();
      const open: OpenHold = {
        holdId: randomUUID(),
        budgets: [cold],
        granted: 60n,
        context: '{"a":"|@"}',
        deliveredTokens: 4,
        leaseExpiresAtMs: 0,
      };
      const charged: OpenHold = { ...open, holdId: randomUUID(), settled: { charge: 55n, position: 12n } };
      const projected: OpenHold = { ...open, holdId: randomUUID(), settled: { charge: 3n, position: 10n } };
      const over: OpenHold = { ...open, holdId: randomUUID() };
      await subject.cache.release([over.holdId]);
      await subject.cache.register([open, charged, projected, over]);
      await subject.other.register([open]);
      await subject.cache.load([snapshotOf(cold, 100n, 10n)]);
      const view = await subject.cache.view(cold);
      expect(view?.held).toBe(115n);
      expect(view?.holds.map(({ holdId }) => holdId).sort()).toEqual([open.holdId, charged.holdId].sort());
      expect(view?.holds.find(({ holdId }) => holdId === open.holdId)).toMatchObject({
        granted: 60n,
        context: open.context,
        deliveredTokens: 4,
      });
      expect(await subject.cache.hold(requestOf([cold], 1n))).toMatchObject({ available: -15n });
      await subject.cache.register([{ ...projected, holdId: randomUUID() }]);
      expect((await subject.cache.view(cold))?.held).toBe(115n);
    });
  });
}
