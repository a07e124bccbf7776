import type { ChannelSettings } from '../../domain/channel/events.js';

/** An enabled channel with one of its keys in use, ready to be called: the key is open. Never logged as a whole. */
export interface Channel {
  readonly channelId: string;
  readonly keyId: string;
  readonly settings: ChannelSettings;
  readonly apiKey: string;
  /** `user:password` for the channel's proxy, open. */
  readonly proxyCredentials: string | undefined;
}

/** An enabled channel with all its keys in use, of which there is at least one. */
export interface OpenChannel {
  readonly channelId: string;
  readonly settings: ChannelSettings;
  readonly keys: readonly Channel[];
}

/** A channel as it serves one model. */
export interface ServingChannel extends OpenChannel {
  /** The lowest is tried first; equal ones share by weight. */
  readonly tier: number;
}

/** What the client's model is called there. */
export function upstreamModelOf(channel: Pick<Channel, 'settings'>, model: string): string {
  const mapping = channel.settings.model_mapping;
  return Object.hasOwn(mapping, model) ? (mapping[model] as string) : model;
}
