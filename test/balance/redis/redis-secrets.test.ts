import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedisCachedBalance } from '../../../src/balance/redis/redis-cached-balance.js';
import { startRedis, type TestRedis } from '../../support/redis.js';

describe('problems of the connection to Redis', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis();
    const admin = new Redis(server.url);
    await admin.config('SET', 'requirepass', 'the-right-password');
    admin.disconnect();
  });
  afterAll(() => server.stop());

  it('never carry its password, or what else was sent', async () => {
    const problems: Error[] = [];
    const cache = await openRedisCachedBalance({
      url: server.url.replace('redis://', 'redis://:the-wrong-password@'),
      commandTimeoutMs: 200,
      onProblem: (error) => problems.push(error),
    });
    const refused: unknown = await cache.appliedPosition().catch((error: unknown) => error);
    await cache.close();
    expect(problems[0]?.message).toMatch('WRONGPASS');
    expect(inspect([problems, refused], { depth: 10 })).not.toMatch('the-wrong-password');
  });
});
