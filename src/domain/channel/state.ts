import type { EventOf } from '../events/catalogue.js';
import type { ChannelSettings, channelEvents } from './events.js';

export type ChannelEvent = EventOf<keyof typeof channelEvents>;

export interface Channel {
  readonly channelId: string;
  readonly settings: ChannelSettings;
  readonly enabled: boolean;
}

/** Undefined before the channel is configured. */
export type ChannelState = Channel | undefined;

export function evolveChannel(state: ChannelState, event: ChannelEvent): ChannelState {
  if (event.type === 'channel-configured.v1') {
    const { channel_id: channelId, settings } = event.data;
    return { channelId, settings, enabled: state?.enabled ?? false };
  }
  if (!state) throw new Error(`${event.type} comes before the channel was configured`);
  return { ...state, enabled: event.type === 'channel-enabled.v1' };
}
