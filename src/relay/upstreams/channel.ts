import type { ChannelSettings } from '../../domain/channel/settings.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import type { ChannelAccess, UpstreamType } from './type.js';

/** An enabled channel with one of its keys in use, ready to be called. Never logged as a whole. */
export interface Channel extends ChannelAccess {
  readonly type: UpstreamType;
}

/** An enabled channel with all its keys in use, of which there is at least one. */
export interface OpenChannel {
  readonly channelId: string;
  readonly type: UpstreamType;
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

/** Whether the channel takes calls in the dialect. */
export function speaks({ type }: Pick<Channel, 'type'>, dialect: DialectName): boolean {
  return type.dialects.includes(dialect);
}
