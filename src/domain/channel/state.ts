import type { EventOf } from '../events/catalogue.js';
import type { ChannelKey, ChannelSettings, channelEvents } from './events.js';

export type ChannelEvent = EventOf<keyof typeof channelEvents>;

export interface Channel {
  readonly channelId: string;
  readonly settings: ChannelSettings;
  /** Null: in use. A new channel is out of use until an event says otherwise. */
  readonly disabled: ChannelKey['disabled'];
}

/** Undefined before the channel is configured. */
export type ChannelState = Channel | undefined;

const NEW = { reason: 'new', automatic: false };

export function evolveChannel(state: ChannelState, event: ChannelEvent): ChannelState {
  if (event.type === 'channel-configured.v2') {
    const { channel_id: channelId, settings } = event.data;
    return { channelId, settings, disabled: state ? state.disabled : NEW };
  }
  if (!state) throw new Error(`${event.type} comes before the channel was configured`);
  switch (event.type) {
    case 'channel-enabled.v1':
      return { ...state, disabled: null };
    case 'channel-disabled.v2': {
      const { reason, automatic } = event.data;
      return { ...state, disabled: { reason, automatic } };
    }
    case 'channel-key-enabled.v1':
      return withKey(state, event.data.key_id, null);
    case 'channel-key-disabled.v1': {
      const { key_id, reason, automatic } = event.data;
      return withKey(state, key_id, { reason, automatic });
    }
  }
}

function withKey(state: Channel, keyId: string, disabled: ChannelKey['disabled']): Channel {
  const keys = state.settings.keys.map((key) => (key.id === keyId ? { ...key, disabled } : key));
  return { ...state, settings: { ...state.settings, keys } };
}
