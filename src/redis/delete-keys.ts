import { Redis } from 'ioredis';

const KEYS_AT_ONCE = 500;

/**
 * Deletes every key that begins so; of other keys nothing. @param prefix without characters that Redis takes for patterns
 * @returns how many there were
 */
export async function deleteKeys(url: string, prefix: string): Promise<number> {
  if (!/^[\w{-]{8,100}$/.test(prefix))
    throw new RangeError('the prefix of the keys to be deleted is not one of ours');
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
  // What went wrong comes as the rejection.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    let deleted = 0;
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_AT_ONCE);
      if (keys.length > 0) deleted += await redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
    return deleted;
  } finally {
    redis.disconnect();
  }
}
