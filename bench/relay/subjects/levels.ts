import { Child } from '../../support/child.js';
import { startRedis } from '../../../test/support/redis.js';
import { KEY } from '../../../test/relay/support/relay-world.js';
import { CHAT_PATH, JSON_HEADERS, type Subject } from './subject.js';

/** L0: calls are passed through; L1: their key is looked up; L2: they are held against a balance in Redis and settled, but the charge is not durable. */
export type Level = 'L0' | 'L1' | 'L2';

/** A bench build of the relay, which leaves out what the level does not have. */
export async function startLevel(
  level: Level,
  upstreamPort: number,
  nodeOptions: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Subject> {
  const redis = level === 'L2' ? await startRedis() : undefined;
  const env = {
    BENCH_LEVEL: level,
    BENCH_UPSTREAM: `http://127.0.0.1:${upstreamPort}`,
    BENCH_REDIS: redis?.url,
    ...environment,
  };
  const child = new Child(new URL('../level-process.ts', import.meta.url), { env, nodeOptions });
  const { url } = await child.ready<{ url: string }>();
  return {
    name: `Counterfoil ${level}`,
    url,
    path: CHAT_PATH,
    headers: { ...JSON_HEADERS, authorization: `Bearer ${KEY}` },
    pids: [child.pid],
    helpers: redis ? [redis.pid] : [],
    stop: async () => {
      await child.stop();
      await redis?.stop();
    },
  };
}
