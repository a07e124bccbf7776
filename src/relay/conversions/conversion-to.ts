import { type ConvertibleProtocol, convertibleProtocols } from '../../domain/channel/conversion.js';
import type { Protocol } from '../../domain/channel/protocols.js';
import type { DialectName } from '../../domain/usage/dialects.js';
import { dialectOfProtocol } from '../dialects/protocols.js';
import type { Channel, OpenChannel } from '../upstreams/channel.js';

/** The protocol in which a channel may be told what was asked in this one; undefined: it may not, or there is none. */
export function conversionTo(
  { protocols, settings }: Pick<Channel, 'protocols' | 'settings'>,
  from: Protocol,
): ConvertibleProtocol | undefined {
  if (!settings.conversion.from.some((each) => each === from)) return undefined;
  return protocols.find((each): each is ConvertibleProtocol => each !== from && isConvertible(each));
}

const isConvertible = (protocol: Protocol): protocol is ConvertibleProtocol =>
  convertibleProtocols.some((each) => each === protocol);

/** Whether a channel can be told what is asked in the protocol, as it is or converted. */
export const isTold = (channel: OpenChannel, protocol: ConvertibleProtocol): boolean =>
  channel.protocols.includes(protocol) || conversionTo(channel, protocol) !== undefined;

/** Whether a channel takes calls of the dialect that must be converted for it. */
export const isConvertedFrom = (channel: OpenChannel, dialect: DialectName): boolean =>
  channel.settings.conversion.from.some(
    (protocol) => dialectOfProtocol(protocol) === dialect && conversionTo(channel, protocol) !== undefined,
  );
