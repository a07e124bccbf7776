import type { Commands } from '../commands/commands.js';
import type { RetirementDependencies } from '../relay/channels/retirement.js';
import type { ChannelState } from '../relay/channels/state/channel-state.js';
import { InProcessChannelState } from '../relay/channels/state/in-process-channel-state.js';
import { RedisChannelState } from '../relay/channels/state/redis-channel-state.js';
import type { Foundation } from './ledger.js';

const COMMAND_TIMEOUT_MS = 1_000;

/** Shared where REDIS_URL names a server; else there is one process, which knows it all. */
export function openChannelState({ config, ledgerId, log, shutdown }: Foundation): ChannelState {
  const state =
    config.redisUrl === undefined
      ? new InProcessChannelState(() => performance.now())
      : new RedisChannelState({
          url: config.redisUrl,
          keyPrefix: `counterfoil-${ledgerId}`,
          commandTimeoutMs: COMMAND_TIMEOUT_MS,
          onProblem: (error) => log.warn({ err: error }, 'the shared state of the channels has a problem'),
        });
  shutdown.add('channel state', () => state.close());
  return state;
}

/** A key that upstream refuses for good goes out of use as an event, by nobody but the ledger itself. */
export function keyDisabler(
  commands: Pick<Commands, 'setChannelKeyEnabled'>,
  { log }: Pick<Foundation, 'log'>,
): RetirementDependencies['disableKey'] {
  return async ({ channelId, keyId, reason }) => {
    const result = await commands.setChannelKeyEnabled(
      { channelId, keyId, enabled: false, reason, automatic: true },
      { actor: 'system', requestId: `channel-${channelId}` },
    );
    if (!result.ok) throw new Error(`the key ${keyId} of ${channelId} stays: ${result.refusal.code}`);
    log.warn({ channel: channelId, key: keyId, reason }, 'a key of a channel was taken out of use');
  };
}
