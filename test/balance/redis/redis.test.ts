import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { openRedisCachedBalance } from '../../../src/balance/redis/redis-cached-balance.js';
import { describeCachedBalance } from '../../support/cached-balance-contract.js';
import { startRedis, type TestRedis } from '../../support/redis.js';

let redis: TestRedis;
beforeAll(async () => void (redis = await startRedis()));
afterAll(() => redis.stop());

describeCachedBalance('Redis', async ({ leaseMs }) => {
  const keyPrefix = `test-${randomUUID()}`;
  const options = { url: redis.url, keyPrefix, leaseMs, isLedgerEmpty: () => Promise.resolve(true) };
  const cache = await openRedisCachedBalance(options);
  const other = await openRedisCachedBalance(options);
  return {
    cache,
    other,
    close: async () => void (await Promise.all([cache.close(), other.close()])),
  };
});
