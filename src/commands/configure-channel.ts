import { channelDecider } from '../domain/channel/decide.js';
import type { ChannelSettings } from '../domain/channel/events.js';
import type { ChannelState } from '../domain/channel/state.js';
import { channelStream } from '../domain/streams.js';
import { CHANNEL_KEY_PURPOSE, CannotOpen } from '../support/keyring.js';
import type { Commands } from './commands.js';
import { handle } from './handle.js';
import { load } from './load.js';
import { planOne } from './plan.js';
import type { CommandDependencies } from './ports.js';

/** Creates or changes an upstream. Its key is sealed here, and kept as it is in the log when it is the same key. */
export function configureChannel(dependencies: CommandDependencies): Commands['configureChannel'] {
  return ({ channelId, settings, apiKey, enabled }, meta) =>
    handle(dependencies, 'configure-channel', meta, async () => {
      const channel = await load(dependencies.store, channelStream(channelId), channelDecider);
      const sealed_api_key = sealedKey(dependencies, channel.state, apiKey);
      const decision = channelDecider.decide(
        { type: 'configure', channelId, settings: { ...settings, sealed_api_key }, enabled, by: meta.actor },
        channel.state,
      );
      return planOne(channel, decision, { channelId });
    });
}

export function setChannelEnabled(dependencies: CommandDependencies): Commands['setChannelEnabled'] {
  return ({ channelId, enabled, reason }, meta) =>
    handle(dependencies, 'set-channel-enabled', meta, async () => {
      const channel = await load(dependencies.store, channelStream(channelId), channelDecider);
      const type = enabled ? 'enable' : 'disable';
      const decision = channelDecider.decide({ type, channelId, reason, by: meta.actor }, channel.state);
      return planOne(channel, decision, { channelId });
    });
}

function sealedKey(
  { keyring }: CommandDependencies,
  state: ChannelState,
  apiKey: string,
): ChannelSettings['sealed_api_key'] {
  const current = state?.settings.sealed_api_key;
  if (current && opens(keyring, current) === apiKey) return current;
  return keyring.seal(apiKey, CHANNEL_KEY_PURPOSE);
}

/** A key that can no longer be opened is one to be replaced. */
function opens(keyring: CommandDependencies['keyring'], sealed: ChannelSettings['sealed_api_key']) {
  try {
    return keyring.open(sealed, CHANNEL_KEY_PURPOSE);
  } catch (error) {
    if (error instanceof CannotOpen) return undefined;
    throw error;
  }
}
