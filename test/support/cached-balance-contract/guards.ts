import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newAccount, newToken, type OpenSubject, requestOf, snapshotOf, type Subject } from './subject.js';

export function describeGuards(open: OpenSubject): void {
  describe('guards', () => {
    let subject: Subject;
    beforeAll(async () => void (subject = await open({ leaseMs: 15_000 })));
    afterAll(() => subject.close());

    it('tells a caller whose copy is out of date, on every process, and holds nothing', async () => {
      const [account, token] = [newAccount(), newToken()];
      await subject.cache.load([snapshotOf(account, 100n, 10n, 3n), snapshotOf(token, 0n, 10n, 7n)]);
      const guards = [
        { key: account, revision: 3n },
        { key: token, revision: 7n },
      ];
      expect(await subject.other.checkGuards(guards)).toBeUndefined();
      await subject.cache.raiseGuards([{ key: token, revision: 8n }]);
      const stale = { outcome: 'stale', key: token, revision: 8n };
      expect(await subject.other.checkGuards(guards)).toEqual(stale);
      expect(await subject.other.hold(requestOf([account], 10n, { guards }))).toEqual(stale);
      expect(await subject.cache.view(account)).toMatchObject({ held: 0n });
    });

    it('never lowers a guard', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n, 10n, 3n)]);
      await subject.cache.raiseGuards([{ key: account, revision: 9n }]);
      await subject.cache.raiseGuards([{ key: account, revision: 5n }]);
      await subject.cache.load([snapshotOf(account, 100n, 20n, 4n)]);
      expect(await subject.cache.view(account)).toMatchObject({ revision: 9n, position: 20n });
    });

    it('remembers a guard that was raised before its key was loaded', async () => {
      const token = newToken();
      await subject.cache.raiseGuards([{ key: token, revision: 8n }]);
      const guards = [{ key: token, revision: 7n }];
      expect(await subject.other.checkGuards(guards)).toEqual({ outcome: 'missing', budgets: [token] });
      await subject.cache.load([snapshotOf(token, 0n, 10n, 7n)]);
      expect(await subject.other.checkGuards(guards)).toEqual({ outcome: 'stale', key: token, revision: 8n });
    });

    it('learns from a caller who has seen a newer revision', async () => {
      const account = newAccount();
      await subject.cache.load([snapshotOf(account, 100n, 10n, 3n)]);
      await subject.cache.hold(requestOf([account], 1n, { guards: [{ key: account, revision: 5n }] }));
      expect(await subject.other.checkGuards([{ key: account, revision: 4n }])).toEqual({
        outcome: 'stale',
        key: account,
        revision: 5n,
      });
    });
  });
}
