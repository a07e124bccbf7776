import { CallLimits } from '../relay/limits/call-limits.js';
import { InProcessLimitCounters } from '../relay/limits/in-process-limit-counters.js';
import { RedisLimitCounters } from '../relay/limits/redis-limit-counters.js';
import type { Ledger } from './ledger.js';

const COMMAND_TIMEOUT_MS = 1_000;

/** Counted in Redis where there is one, so that all relays count together; else in this process, which then is the only one. */
export function openCallLimits({ config, ledgerId, log, shutdown }: Ledger): CallLimits {
  const counters =
    config.redisUrl === undefined
      ? new InProcessLimitCounters(() => performance.now())
      : new RedisLimitCounters({
          url: config.redisUrl,
          keyPrefix: `counterfoil-${ledgerId}`,
          commandTimeoutMs: COMMAND_TIMEOUT_MS,
          onProblem: (error) => log.warn({ err: error }, 'the limits have a problem with Redis'),
        });
  const limits = new CallLimits(
    counters,
    (error) => log.warn({ err: error }, 'an ended call was not taken off its limits'),
    config.abortsPerMinute,
  );
  shutdown.add('limits', () => limits.close());
  return limits;
}
