import { servedAs } from '../../domain/channel/models.js';
import type { Channel, OpenChannel, ServingChannel } from '../upstreams/channel.js';
import type { Lot } from './lot.js';

/**
 * Those that serve the model, by tier: a channel that names it goes before one whose wildcard covers it, and then the higher priority
 * before the lower.
 */
export function serversOf(channels: readonly OpenChannel[], model: string): readonly ServingChannel[] {
  const ranked = channels.flatMap((channel) => {
    const as = servedAs(channel.settings, model);
    return as ? [{ channel, wildcard: Number(as === 'wildcard'), priority: channel.settings.priority }] : [];
  });
  ranked.sort((a, b) => a.wildcard - b.wildcard || b.priority - a.priority);
  let tier = -1;
  return ranked.map(({ channel, wildcard, priority }, index) => {
    const before = ranked[index - 1];
    if (before?.wildcard !== wildcard || before.priority !== priority) tier++;
    return { ...channel, tier };
  });
}

/**
 * The order in which channels, and the keys of each, are tried: by tier; within one first those that take the call as it
 * is; among those by weighted rendezvous. Each channel draws
 * -ln(lot) / weight and the least goes first, so that shares are as the weights say, and a channel that leaves moves its own calls only
 * (Schindelhauer and Schomaker, "Weighted distributed hash tables", 2005). Where all weights of a tier are 0 the lots are equal; a
 * weight of 0 beside others comes after them. `channels` are sorted by tier.
 */
export function channelOrder(channels: readonly ServingChannel[], lot: Lot): readonly Channel[] {
  const [only] = channels;
  if (channels.length === 1 && only?.keys.length === 1) return only.keys;
  const weighted = new Set(channels.filter(({ settings }) => settings.weight > 0).map(groupOf));
  return channels
    .map((channel) => ({ channel, draw: drawOf(channel, weighted.has(groupOf(channel)), lot) }))
    .sort((a, b) => groupOf(a.channel) - groupOf(b.channel) || compare(a.draw, b.draw))
    .flatMap(({ channel }) => keyOrder(channel.keys, lot));
}

/**
 * What part of new calls comes to each channel first, as `channelOrder` deals them out, when only the sound ones take calls: the least of
 * -ln(lot) / weight is a channel's own as often as its weight is of the sum. Those without a part wait until others fail.
 */
export function sharesOf(
  channels: readonly ServingChannel[],
  isSound: (channel: ServingChannel) => boolean,
): ReadonlyMap<ServingChannel, number> {
  const sound = channels.filter(isSound);
  const first = Math.min(...sound.map(groupOf));
  const group = sound.filter((each) => groupOf(each) === first);
  const weighted = group.filter(({ settings }) => settings.weight > 0);
  const dealt = weighted.length > 0 ? weighted : group;
  const weightOf = ({ settings }: ServingChannel) => settings.weight || 1;
  const sum = dealt.reduce((total, each) => total + weightOf(each), 0);
  return new Map(dealt.map((each) => [each, weightOf(each) / sum]));
}

/** Those that share their calls: of one tier, and converted or not. */
export const groupOf = ({ tier, isConverted }: ServingChannel): number =>
  2 * tier + Number(isConverted ?? false);

interface Drawn {
  readonly spare: boolean;
  readonly value: number;
}

function drawOf({ channelId, settings }: ServingChannel, tierIsWeighted: boolean, lot: Lot): Drawn {
  const spare = tierIsWeighted && settings.weight === 0;
  return { spare, value: -Math.log(lot(channelId)) / (settings.weight || 1) };
}

const compare = (a: Drawn, b: Drawn): number => Number(a.spare) - Number(b.spare) || a.value - b.value;

function keyOrder(keys: readonly Channel[], lot: Lot): readonly Channel[] {
  if (keys.length === 1) return keys;
  return keys
    .map((key) => ({ key, value: lot(`${key.channelId}/${key.keyId}`) }))
    .sort((a, b) => b.value - a.value)
    .map(({ key }) => key);
}
