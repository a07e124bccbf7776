import { channelDecider } from '../../domain/channel/decide.js';
import { channelStream } from '../../domain/streams.js';
import { refuse } from '../../domain/decider.js';
import { movedBy } from './moved.js';
import { sealKeys, sealProxy, UnknownKey } from './channel-secrets.js';
import type { Handler } from '../handling/command.js';
import { handle } from '../handling/handle.js';
import { load } from '../handling/load.js';
import { planOne } from '../handling/plan.js';
import type { CommandDependencies } from '../handling/ports.js';
import type { ChannelCommands } from './commands.js';

/**
 * Creates or changes an upstream. Its secrets are sealed here, and kept as they are in the log where they are the same. Where calls go
 * somewhere else than before, every key is said again: who may configure a channel does not thereby learn its keys.
 */
export function configureChannel(
  dependencies: CommandDependencies,
): Handler<ChannelCommands['configureChannel']> {
  return ({ channelId, settings, keys, proxyUrl, enabled }, meta) =>
    handle(dependencies, 'configure-channel', meta, async () => {
      const channel = await load(dependencies.store, channelStream(channelId), channelDecider);
      const before = channel.state?.settings;
      try {
        const secrets = {
          keys: sealKeys(dependencies.keyring, before?.keys ?? [], keys),
          ...sealProxy(dependencies.keyring, before, proxyUrl),
        };
        const command = { channelId, settings: { ...settings, ...secrets }, enabled, by: meta.actor };
        const decision = channelDecider.decide({ type: 'configure', ...command }, channel.state);
        const moved = before && decision.kind !== 'refused' && movedBy(before, command.settings);
        if (!moved || keys.every((key) => 'secret' in key)) return planOne(channel, decision, { channelId });
        const detail = `keys: their secrets are needed again, since ${moved} sends them elsewhere`;
        return planOne(channel, refuse({ code: 'channel_invalid', detail }), { channelId });
      } catch (error) {
        if (!(error instanceof UnknownKey)) throw error;
        return planOne(channel, refuse({ code: 'channel_invalid', detail: error.message }), { channelId });
      }
    });
}

export function setChannelEnabled(
  dependencies: CommandDependencies,
): Handler<ChannelCommands['setChannelEnabled']> {
  return ({ channelId, enabled, reason, automatic = false }, meta) =>
    handle(dependencies, 'set-channel-enabled', meta, async () => {
      const channel = await load(dependencies.store, channelStream(channelId), channelDecider);
      const type = enabled ? 'enable' : 'disable';
      const command = { type, channelId, reason, automatic, by: meta.actor } as const;
      return planOne(channel, channelDecider.decide(command, channel.state), { channelId });
    });
}

export function setChannelKeyEnabled(
  dependencies: CommandDependencies,
): Handler<ChannelCommands['setChannelKeyEnabled']> {
  return ({ channelId, keyId, enabled, reason, automatic = false }, meta) =>
    handle(dependencies, 'set-channel-key-enabled', meta, async () => {
      const channel = await load(dependencies.store, channelStream(channelId), channelDecider);
      const type = enabled ? 'enable-key' : 'disable-key';
      const command = { type, channelId, keyId, reason, automatic, by: meta.actor } as const;
      return planOne(channel, channelDecider.decide(command, channel.state), { channelId });
    });
}
