import type { ChannelSettings } from '../../domain/channel/events.js';

/** An enabled channel, ready to be called: its keys are open. Never logged as a whole. */
export interface Channel {
  readonly channelId: string;
  readonly settings: ChannelSettings;
  /** The first of the keys in use. */
  readonly apiKey: string;
}

/** What the client's model is called there. */
export function upstreamModelOf(channel: Channel, model: string): string {
  const mapping = channel.settings.model_mapping;
  return Object.hasOwn(mapping, model) ? (mapping[model] as string) : model;
}
