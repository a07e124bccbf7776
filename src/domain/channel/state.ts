import type { EventIn } from '../stored/event-in.js';
import type { channelEvents } from './events.js';
import type { ChannelKey, ChannelSettings } from './settings.js';

export type ChannelEvent = EventIn<typeof channelEvents>;

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
  if (event.type === 'channel-configured') {
    const { channel_id: channelId, settings } = event.data;
    return { channelId, settings, disabled: state ? state.disabled : NEW };
  }
  if (!state) throw new Error(`${event.type} comes before the channel was configured`);
  switch (event.type) {
    case 'channel-enabled':
      return { ...state, disabled: null };
    case 'channel-disabled': {
      const { reason, automatic } = event.data;
      return { ...state, disabled: { reason, automatic } };
    }
    case 'channel-key-enabled':
      return withKey(state, event.data.key_id, null);
    case 'channel-key-disabled': {
      const { key_id, reason, automatic } = event.data;
      return withKey(state, key_id, { reason, automatic });
    }
  }
}

function withKey(state: Channel, keyId: string, disabled: ChannelKey['disabled']): Channel {
  const keys = state.settings.keys.map((key) => (key.id === keyId ? { ...key, disabled } : key));
  return { ...state, settings: { ...state.settings, keys } };
}
