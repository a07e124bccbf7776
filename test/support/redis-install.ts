import { ensureProgram } from './programs.js';

/** The cached balance is tested on a real redis-server and nothing less. */
export const ensureRedisServer = (): Promise<void> =>
  ensureProgram('redis-server', { debian: 'redis-server', brew: 'redis' });
