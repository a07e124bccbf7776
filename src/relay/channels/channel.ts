import type { ChannelSettings } from '../../domain/channel/events.js';

/** An enabled channel, ready to be called: its key is open. Never logged as a whole. */
export interface Channel {
  readonly channelId: string;
  readonly settings: ChannelSettings;
  readonly apiKey: string;
}

/** What the client's model is called there. */
export function upstreamModelOf(channel: Channel, model: string): string {
  const mapping = channel.settings.model_mapping;
  return Object.hasOwn(mapping, model) ? (mapping[model] as string) : model;
}
