import type { ChannelSettings } from '../../domain/channel/settings.js';
import { type Protocol, protocolNames } from '../../domain/channel/protocols.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import { dialectOfProtocol, protocolsOf } from '../dialects/protocols.js';
import type { ChannelAccess, UpstreamType } from './type.js';

/** An enabled channel with one of its keys in use, ready to be called. Never logged as a whole. */
export interface Channel extends ChannelAccess {
  readonly type: UpstreamType;
  readonly protocols: readonly Protocol[];
}

/** An enabled channel with all its keys in use, of which there is at least one. */
export interface OpenChannel {
  readonly channelId: string;
  readonly type: UpstreamType;
  /** In which it is spoken to. */
  readonly protocols: readonly Protocol[];
  readonly settings: ChannelSettings;
  readonly keys: readonly Channel[];
}

/** A channel as it serves one model. */
export interface ServingChannel extends OpenChannel {
  /** The lowest is tried first; equal ones share by weight. */
  readonly tier: number;
  /** The call must be converted for it: it comes after those of its tier that take it as it is. */
  readonly isConverted?: boolean;
}

/** What the client's model is called there. */
export function upstreamModelOf(channel: Pick<Channel, 'settings'>, model: string): string {
  const mapping = channel.settings.model_mapping;
  return Object.hasOwn(mapping, model) ? (mapping[model] as string) : model;
}

/** The protocols that a channel of these settings is spoken to in, its type's own first: those that it has an endpoint for, else all of its type's. */
export function protocolsSpoken(
  { dialects, dialectsOf: dialectsSet }: UpstreamType,
  settings: ChannelSettings,
): readonly Protocol[] {
  const { endpoints } = settings;
  const own = (dialectsSet?.(settings) ?? dialects).flatMap(protocolsOf);
  const ordered = [...new Set([...own, ...protocolNames])];
  const named = ordered.filter((protocol) => endpoints[protocol] !== undefined);
  return named.length > 0 ? named : own;
}

/** The dialects in which these protocols are, each once. */
export const dialectsOf = (protocols: readonly Protocol[]): readonly DialectName[] => [
  ...new Set(protocols.map(dialectOfProtocol)),
];

/** Whether the channel takes calls in the dialect. */
export function speaks({ protocols }: Pick<Channel, 'protocols'>, dialect: DialectName): boolean {
  return protocols.some((protocol) => dialectOfProtocol(protocol) === dialect);
}
