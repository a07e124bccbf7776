import type { ChannelSettings } from '../../../src/domain/channel/events.js';
import type { Channel, OpenChannel, ServingChannel } from '../../../src/relay/channels/channel.js';
import { channel } from './relay-world.js';

/** A channel as the catalogue opens it, with so many keys. */
export function openChannel(channelId: string, more: Partial<ChannelSettings> = {}, keys = 1): OpenChannel {
  const { settings } = channel(channelId, 'http://upstream', more);
  const keyOf = (index: number): Channel => ({
    channelId,
    keyId: `key-${index + 1}`,
    settings,
    apiKey: `secret-${index + 1}`,
    proxyCredentials: undefined,
  });
  return { channelId, settings, keys: Array.from({ length: keys }, (_, index) => keyOf(index)) };
}

export const serving = (channelId: string, weight = 1, tier = 0, keys = 1): ServingChannel => ({
  ...openChannel(channelId, { weight }, keys),
  tier,
});
