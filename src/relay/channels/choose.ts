import type { Channel } from './channel.js';

/** Number in [0, 1), for the draw among channels of equal priority. */
export type Draw = () => number;

/**
 * The order in which channels are tried: by priority, higher first; among equals by lot in proportion to their weights. Where all
 * weights of a priority are 0 the lots are equal; a weight of 0 beside others comes after them.
 */
export function channelOrder(channels: readonly Channel[], draw: Draw): readonly Channel[] {
  if (channels.length < 2) return channels;
  const tiers = new Map<number, Channel[]>();
  for (const channel of channels) {
    const tier = tiers.get(channel.settings.priority);
    if (tier) tier.push(channel);
    else tiers.set(channel.settings.priority, [channel]);
  }
  const priorities = [...tiers.keys()].sort((a, b) => b - a);
  return priorities.flatMap((priority) => drawOrder(tiers.get(priority) as Channel[], draw));
}

function drawOrder(tier: Channel[], draw: Draw): Channel[] {
  const left = [...tier];
  const order: Channel[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { settings }) => sum + settings.weight, 0);
    let ticket = draw() * (total > 0 ? total : left.length);
    let index = left.findIndex(({ settings }) => (ticket -= total > 0 ? settings.weight : 1) < 0);
    if (index === -1) index = left.length - 1;
    order.push(...left.splice(index, 1));
  }
  return order;
}
