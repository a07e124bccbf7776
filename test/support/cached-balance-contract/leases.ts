import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CacheUnavailable } from '../../../src/balance/cached-balance.js';
import { eventually } from '../eventually.js';
import { newAccount, type OpenSubject, requestOf, snapshotOf, type Subject } from './subject.js';

const LEASE_MS = 300;

export function describeLeases(open: OpenSubject): void {
  describe('leases', () => {
    let subject: Subject;
    beforeAll(async () => void (subject = await open({ leaseMs: LEASE_MS })));
    afterAll(() => subject.close());

    it('shows the holds of owners that fell silent, oldest first, and only those', async () => {
      const account = newAccount();
      const { cache, other } = subject;
      await cache.load([snapshotOf(account, 100n)]);
      const requests = [1n, 2n, 3n, 4n].map((amount) =>
        requestOf([account], amount, { context: `{"amount":${amount}}` }),
      );
      for (const request of requests) await cache.hold(request);
      const [dead, settled, late, alive] = requests.map(({ holdId }) => holdId) as [
        string,
        string,
        string,
        string,
      ];
      await cache.settle([{ holdId: settled, charge: 9n, position: 12n }]);
      // One more heartbeat, so that this one falls silent last.
      await eventually(async () => (await cache.view(account))?.holds.length === 4);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await cache.renew([{ holdId: late, deliveredTokens: 17 }])).toEqual([]);
      await cache.renew([{ holdId: late, deliveredTokens: 5 }]);

      const found = await eventually(async () => {
        await cache.renew([{ holdId: alive, deliveredTokens: 1 }]);
        const holds = await other.expired(10);
        if (holds.length < 3) throw new Error(`${holds.length} of 3 leases have run out`);
        expect(holds.map((hold) => hold.leaseExpiresAtMs)).toEqual(
          [...holds].map((hold) => hold.leaseExpiresAtMs).sort(),
        );
        return [...holds];
      });
      found.sort((a, b) => a.leaseExpiresAtMs - b.leaseExpiresAtMs || (a.granted < b.granted ? -1 : 1));
      expect(found.map(({ holdId }) => holdId)).toEqual([dead, settled, late]);
      expect(found[0]).toMatchObject({
        budgets: [account],
        granted: 1n,
        context: '{"amount":1}',
        deliveredTokens: 0,
      });
      expect(found[1]).toMatchObject({ settled: { charge: 9n, position: 12n } });
      expect(found[2]).toMatchObject({ granted: 3n, deliveredTokens: 17 });
      expect(await other.expired(1)).toHaveLength(1);

      const balances = [{ budget: account, balance: 91n, position: 12n }];
      await other.apply({ position: 12n, balances, resolvedHolds: [dead, settled, late] });
      expect(await cache.renew(found.map(({ holdId }) => ({ holdId, deliveredTokens: 0 })))).toHaveLength(3);
    });

    it('gives owners one lease to come back when nobody has swept for a while', async () => {
      const account = newAccount();
      const { cache } = subject;
      await cache.load([snapshotOf(account, 100n)]);
      const request = requestOf([account], 1n);
      await cache.hold(request);
      const due = ((await cache.view(account))?.holds[0]?.leaseExpiresAtMs ?? 0) + LEASE_MS;
      await eventually(() => Date.now() > due);
      expect(await cache.expired(10)).toEqual([]);
      expect(await cache.renew([{ holdId: request.holdId, deliveredTokens: 0 }])).toEqual([]);
      await cache.release([request.holdId]);
    });

    it('refuses everything once it is closed', async () => {
      const own = await open({ leaseMs: LEASE_MS });
      await own.close();
      await expect(own.cache.hold(requestOf([newAccount()], 1n))).rejects.toThrow(CacheUnavailable);
      await expect(own.cache.checkHealth()).rejects.toThrow(CacheUnavailable);
      await own.cache.close();
    });
  });
}
