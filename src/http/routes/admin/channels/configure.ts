import { z } from 'zod';
import type { Commands } from '../../../../commands/commands.js';
import {
  type ChannelOptions,
  channelOptions,
  type ChannelSettings,
  optionDefaults,
} from '../../../../domain/channel/settings.js';
import type { CatalogueView } from '../../../../projections/catalogue/view.js';
import type { OptionsChange } from './change.js';
import type { configureInput } from './schema.js';

type Input = z.output<typeof configureInput>;
type Command = Parameters<Commands['configureChannel']>[0];

/** The whole channel from what was sent and what there is; what is missing then, the domain refuses. */
export function commandOf(
  { channel_id: channelId, keys, proxy_url, enabled, ...change }: Input,
  current: CatalogueView['channels'][number] | undefined,
): Command {
  return {
    channelId,
    settings: changed(current ? optionsOf(current.settings) : optionDefaults, change),
    keys:
      keys?.map(({ enabled: inUse, ...key }) => ({
        ...key,
        ...(inUse !== undefined && { enabled: inUse }),
      })) ??
      current?.settings.keys.map(({ id }) => ({ id })) ??
      [],
    proxyUrl: proxy_url === undefined && current ? undefined : proxy_url || null,
    enabled: enabled ?? current?.enabled ?? true,
  };
}

const optionsOf = (settings: ChannelSettings): ChannelOptions =>
  Object.fromEntries(
    Object.keys(channelOptions.shape).map((name) => [name, settings[name as keyof ChannelOptions]]),
  ) as ChannelOptions;

function changed(before: Partial<ChannelOptions>, change: OptionsChange): ChannelOptions {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  const merged = said.map(([name, value]) => {
    const isObject = channelOptions.shape[name as keyof ChannelOptions] instanceof z.ZodObject;
    return [
      name,
      isObject ? { ...(before[name as keyof ChannelOptions] as object), ...(value as object) } : value,
    ];
  });
  return { ...before, ...Object.fromEntries(merged) } as ChannelOptions;
}
