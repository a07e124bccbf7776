import { setTimeout as wait } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.js';
import { freePort } from '../../support/free-port.js';
import type { Fault } from '../plan/faults.js';
import { NotHere } from './not-here.js';
import { atCrashPoint } from './crash-points.js';

const SIGHT_WITHIN_MS = 180_000;

/** What happens to Redis, PostgreSQL and the event store, one thing at a time. */
export async function injectIntoServer(cluster: Cluster, fault: Fault): Promise<string | undefined> {
  const { redis, eventStore } = cluster;
  const { postgres } = cluster.options;
  switch (fault.kind) {
    case 'redis flushed':
      return redis.flush().then(() => undefined);
    case 'redis restarted empty':
    case 'redis restarted from an old snapshot':
      await redis.kill();
      return redis.start(fault.kind === 'redis restarted empty' ? 'empty' : 'snapshot').then(() => undefined);
    case 'redis restarted from a rotten snapshot':
      await redis.kill();
      if (await redis.startsRotten())
        throw new Error('Redis started with a snapshot of which a bit had turned');
      return redis.start('empty').then(() => undefined);
    case 'redis fails over to a replica':
      return redis.failOver(await freePort(), fault.behindMs).then(() => {
        for (const { links } of cluster.members.values()) links.redis.cut();
        return undefined;
      });
    case 'redis paused':
      redis.pause();
      await wait(fault.forMs);
      return void redis.resume();
    case 'redis out of memory':
      await redis.outOfMemory();
      await wait(fault.forMs);
      return redis.enoughMemory().then(() => undefined);
    case 'postgres stopped at once':
      postgres.immediateStop();
      await wait(fault.awayMs);
      return postgres.startAgain().then(() => undefined);
    case 'postgres stopped at once in mid-batch': {
      const stop = () => postgres.immediateStop();
      if (!(await atCrashPoint(cluster, 'projector: batch under way', 'projector', SIGHT_WITHIN_MS, stop)))
        return 'no batch came';
      cluster.member('projector').links.postgres.cut();
      await wait(fault.awayMs);
      return postgres.startAgain().then(() => undefined);
    }
    case 'power cut': {
      const loss = await postgres.cutPower(fault.seed);
      await wait(fault.awayMs);
      await postgres.startAgain();
      if (!loss) throw new NotHere('PostgreSQL is on a disk that loses nothing');
      return undefined;
    }
    case 'event store restarted':
      if (!eventStore) {
        postgres.immediateStop();
        await wait(fault.awayMs);
        return postgres.startAgain().then(() => undefined);
      }
      await eventStore.kill();
      await wait(fault.awayMs);
      return eventStore.start().then(() => undefined);
    default:
      throw new Error(`${fault.kind} is no fault of a server`);
  }
}
