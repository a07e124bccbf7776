import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CacheUnavailable } from '../../../src/balance/cached-balance.js';
import { InProcessCachedBalance } from '../../../src/balance/in-process/in-process-cached-balance.js';
import { openLeaseJournal } from '../../../src/balance/in-process/lease-journal.js';
import { newAccount, requestOf, snapshotOf } from '../../support/cached-balance-contract/subject.js';
import { FOUR_BUDGETS } from '../../support/four-budgets.js';
import { eventually } from '../../support/eventually.js';

describe('lease journal', () => {
  let dir: string;
  let path: string;
  const caches: InProcessCachedBalance[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'counterfoil-journal-'));
    path = join(dir, 'open-holds.json');
  });
  afterEach(async () => {
    for (const cache of caches.splice(0)) await cache.close().catch(() => undefined);
    await rm(dir, { recursive: true, force: true });
  });

  async function start(): Promise<InProcessCachedBalance> {
    const journal = await openLeaseJournal(path);
    const cache = new InProcessCachedBalance({ journal, leaseMs: 5_000, journalIntervalMs: 5 });
    caches.push(cache);
    return cache;
  }

  it('shows the next process what a killed one had open, at once and to the last heartbeat', async () => {
    const account = newAccount();
    const killed = await start();
    await killed.load([snapshotOf(account, 100n)]);
    const [streaming, settled, released] = [30n, 20n, 10n].map((amount) =>
      requestOf([account], amount, { context: '{"k":"金"}' }),
    ) as [ReturnType<typeof requestOf>, ReturnType<typeof requestOf>, ReturnType<typeof requestOf>];
    for (const request of [streaming, settled, released]) await killed.hold(request);
    await killed.renew([{ holdId: streaming.holdId, deliveredTokens: 17 }]);
    await killed.settle([{ holdId: settled.holdId, charge: 12n, position: 11n }]);
    await killed.release([released.holdId]);
    await eventually(async () => (await readFile(path, 'utf8')).includes('"charge":"12"'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    const next = await start();
    await next.load([snapshotOf(account, 100n)]);
    expect(await next.view(account)).toMatchObject({ held: 42n });
    const found = await next.expired(10);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual(
      expect.objectContaining({
        holdId: streaming.holdId,
        budgets: [account],
        granted: 30n,
        context: '{"k":"金"}',
        deliveredTokens: 17,
      }),
    );
    expect(found).toContainEqual(expect.objectContaining({ settled: { charge: 12n, position: 11n } }));
    await next.renew([{ holdId: settled.holdId, deliveredTokens: 0 }]);
    expect(await next.expired(10)).toMatchObject([{ holdId: streaming.holdId }]);
    const balances = [{ budget: account, balance: 88n, position: 11n }];
    await next.apply({ position: 11n, balances, resolvedHolds: found.map(({ holdId }) => holdId) });
    expect(await next.view(account)).toMatchObject({ balance: 88n, held: 0n });
  });

  it('shows a hold against four budgets in each of them, and it ends in each of them', async () => {
    const budgets = FOUR_BUDGETS;
    const killed = await start();
    await killed.load(budgets.map((budget) => snapshotOf(budget, 100n)));
    const [charged, free] = [requestOf(budgets, 30n), requestOf(budgets, 20n)];
    for (const request of [charged, free]) await killed.hold(request);
    await eventually(async () => (await readFile(path, 'utf8')).includes(free.holdId));

    const next = await start();
    await next.load(budgets.map((budget) => snapshotOf(budget, 100n)));
    const held = () => Promise.all(budgets.map(async (budget) => (await next.view(budget))?.held));
    expect(await held()).toEqual([50n, 50n, 50n, 50n]);
    await next.settle([{ holdId: charged.holdId, charge: 12n, position: 11n }]);
    await next.release([free.holdId]);
    expect(await held()).toEqual([12n, 12n, 12n, 12n]);
    const balances = budgets.map((budget) => ({ budget, balance: 88n, position: 11n }));
    await next.apply({ position: 11n, balances, resolvedHolds: [charged.holdId] });
    expect(await held()).toEqual([0n, 0n, 0n, 0n]);
  });

  it('leaves no file behind when nothing is open', async () => {
    const account = newAccount();
    const cache = await start();
    await cache.load([snapshotOf(account, 100n)]);
    const request = requestOf([account], 1n);
    await cache.hold(request);
    await eventually(() => stat(path));
    await cache.release([request.holdId]);
    await cache.close();
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('keeps on close what is still open', async () => {
    const account = newAccount();
    const cache = await start();
    await cache.load([snapshotOf(account, 100n)]);
    await cache.hold(requestOf([account], 1n));
    await cache.close();
    expect((await openLeaseJournal(path)).leftovers).toHaveLength(1);
  });

  it.each(['', '{', '{"format":1,"holds":[{"hold_id":1}]}', '{"format":2,"holds":[]}'])(
    'refuses to start over a file that it cannot understand: %s',
    async (text) => {
      await writeFile(path, text);
      await expect(openLeaseJournal(path)).rejects.toThrow(path);
    },
  );

  it('grants nothing while it cannot be written, and everything once it can', async () => {
    const account = newAccount();
    let broken = true;
    const save = () => (broken ? Promise.reject(new Error('no space left')) : Promise.resolve());
    const cache = new InProcessCachedBalance({ journal: { leftovers: [], save }, journalIntervalMs: 5 });
    caches.push(cache);
    await cache.load([snapshotOf(account, 100n)]);
    await eventually(() =>
      cache.checkHealth().then(
        () => false,
        () => true,
      ),
    );
    await expect(cache.hold(requestOf([account], 1n))).rejects.toThrow(CacheUnavailable);
    broken = false;
    await eventually(() => cache.checkHealth());
    expect(await cache.hold(requestOf([account], 1n))).toMatchObject({ outcome: 'held' });
  });
});
