import { upstreamTypes } from '../../../src/relay/upstreams/all.js';
import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import {
  type Channel,
  type OpenChannel,
  protocolsSpoken,
  type ServingChannel,
} from '../../../src/relay/upstreams/channel.js';
import { channel } from './relay-world.js';

/** A channel as the catalogue opens it, with so many keys. */
export function openChannel(channelId: string, more: Partial<ChannelSettings> = {}, keys = 1): OpenChannel {
  const { settings } = channel(channelId, 'http://upstream', more);
  const type = upstreamTypes[settings.type];
  const protocols = protocolsSpoken(type, settings);
  const keyOf = (index: number): Channel => ({
    channelId,
    type,
    protocols,
    keyId: `key-${index + 1}`,
    settings,
    apiKey: `secret-${index + 1}`,
    proxyCredentials: undefined,
  });
  return {
    channelId,
    type,
    protocols,
    settings,
    keys: Array.from({ length: keys }, (_, index) => keyOf(index)),
  };
}

export const serving = (channelId: string, weight = 1, tier = 0, keys = 1): ServingChannel => ({
  ...openChannel(channelId, { weight }, keys),
  tier,
});
