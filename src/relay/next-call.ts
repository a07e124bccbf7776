import type { ConvertibleProtocol } from '../domain/channel/conversion.js';
import { servedAs } from '../domain/channel/models.js';
import type { CatalogueSnapshot } from './catalogue.js';
import { groupOf, sharesOf } from './channels/choose.js';
import type { ChannelReport } from './channels/health/channel-reports.js';
import { targetsOf } from './channels/targets.js';
import { type Standing, standingAfter } from './channels/traffic.js';
import { isTold } from './conversions/conversion-to.js';
import { type ServingChannel, upstreamModelOf } from './upstreams/channel.js';

/** What a call is going to be. */
export interface AskedCall {
  readonly model: string;
  readonly group: string;
  readonly protocol: ConvertibleProtocol;
}

/** A channel in the order in which a call comes to them. */
export interface Turn {
  readonly channel: ServingChannel;
  readonly servedAs: 'named' | 'wildcard';
  readonly standing: Standing | { readonly kind: 'full' };
  /** Part of new calls that comes to it first; undefined: it waits until others fail. */
  readonly share: number | undefined;
}

export type NextCall =
  | { readonly kind: 'turns'; readonly turns: readonly Turn[] }
  /** Such a call is refused before any channel is asked. */
  | { readonly kind: 'refused'; readonly why: 'no_group' | 'no_price' | 'no_channel' | 'no_protocol' };

const OPEN: Standing = { kind: 'open' };

/**
 * Who gets the next call of this kind, by what the relay chooses by. Bounds of calls a minute are not looked at: they are known only to who
 * enters.
 */
export function nextCall(
  catalogue: Pick<CatalogueSnapshot, 'groups' | 'prices' | 'channels'>,
  reports: readonly ChannelReport[],
  { model, group, protocol }: AskedCall,
): NextCall {
  if (!catalogue.groups.has(group)) return { kind: 'refused', why: 'no_group' };
  if (!catalogue.prices.has(model)) return { kind: 'refused', why: 'no_price' };
  const serving = catalogue.channels(group, model);
  if (serving.length === 0) return { kind: 'refused', why: 'no_channel' };
  const told = serving.flatMap((channel): ServingChannel[] => {
    if (channel.protocols.includes(protocol)) return [channel];
    return isTold(channel, protocol) ? [{ ...channel, isConverted: true }] : [];
  });
  if (told.length === 0) return { kind: 'refused', why: 'no_protocol' };
  const standings = new Map(told.map((each) => [each, standingOf(each, reports, model)]));
  const shares = sharesOf(told, (channel) => standings.get(channel)?.kind === 'open');
  const turns = told.map((channel) => ({
    channel,
    servedAs: servedAs(channel.settings, model) ?? 'named',
    standing: standings.get(channel) ?? OPEN,
    share: shares.get(channel),
  }));
  return { kind: 'turns', turns: turns.sort(byTurn) };
}

/** A channel stands as the best of its keys: the others are passed over. */
function standingOf(
  { channelId, settings, keys }: ServingChannel,
  reports: readonly ChannelReport[],
  model: string,
): Turn['standing'] {
  const report = reports.find((each) => each.channelId === channelId);
  if (!report) return OPEN;
  if (settings.max_concurrency !== null && report.running >= settings.max_concurrency)
    return { kind: 'full' };
  const upstreamModel = upstreamModelOf({ settings }, model);
  const standings = keys.map((key) => {
    const targets = targetsOf(key, upstreamModel);
    return standingAfter(
      report.failing.filter(({ target }) => targets.includes(target)).map(({ backInMs }) => backInMs),
    );
  });
  return standings.sort((one, other) => waitOf(one) - waitOf(other))[0] ?? OPEN;
}

/** What waits comes after all that does not, the soonest back first, and what takes no more calls is passed over. */
function waitOf(standing: Turn['standing']): number {
  if (standing.kind === 'full') return Infinity;
  return standing.kind === 'cooling' ? standing.backInMs : Number(standing.kind === 'probe') - 1;
}

function byTurn(one: Turn, other: Turn): number {
  const [before, after] = [one, other].map(({ standing }) => Math.max(waitOf(standing), 0)) as [
    number,
    number,
  ];
  return (
    (before === after ? 0 : before - after) ||
    groupOf(one.channel) - groupOf(other.channel) ||
    other.channel.settings.weight - one.channel.settings.weight ||
    Number(one.channel.channelId > other.channel.channelId) -
      Number(one.channel.channelId < other.channel.channelId)
  );
}
