import { describe, expect, it } from '@jest/globals';
import { CaughtUpTables } from '../../../src/projections/balance/caught-up-tables.js';
import { FakeCachedBalance } from '../../support/fake-cached-balance.js';

describe('tables for a new or lost cache', () => {
  it('are waited for at the start and after each loss, up to the end of the log of that moment, and not in between', async () => {
    const cache = new FakeCachedBalance();
    const waitedFor: bigint[] = [];
    let head = 7n;
    const tables = new CaughtUpTables({
      cache,
      store: { head: () => Promise.resolve(head) },
      waitFor: (position) => Promise.resolve(waitedFor.push(position) !== 1),
    });
    await expect(tables.wait()).rejects.toThrow('behind the log');
    head = 8n;
    await tables.wait();
    await tables.wait();
    expect(waitedFor).toEqual([7n, 8n]);

    cache.lose(undefined);
    head = 9n;
    await tables.wait();
    await tables.wait();
    expect(waitedFor).toEqual([7n, 8n, 9n]);
    tables.close();
  });

  it('that caught up for a cache lost meanwhile have not caught up for the next one', async () => {
    const cache = new FakeCachedBalance();
    let looks = 0;
    const tables = new CaughtUpTables({
      cache,
      store: { head: () => Promise.resolve(BigInt((looks += 1))) },
      waitFor: () => {
        if (looks === 1) cache.lose(undefined);
        return Promise.resolve(true);
      },
    });
    await tables.wait();
    await tables.wait();
    expect(looks).toBe(2);
  });
});
