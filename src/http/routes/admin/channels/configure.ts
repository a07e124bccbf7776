import type { z } from 'zod';
import type { Commands } from '../../../../commands/commands.js';
import type { ChannelSettings } from '../../../../domain/channel/events.js';
import type { CatalogueView } from '../../../../projections/read-models.js';
import { DEFAULT_SETTINGS } from './present.js';
import type { configureInput } from './schema.js';

type Input = z.output<typeof configureInput>;
type Command = Parameters<Commands['configureChannel']>[0];

/** The whole channel from what was sent and what there is; what is missing then, the domain refuses. */
export function commandOf(
  { channel_id: channelId, keys, proxy_url, enabled, ...input }: Input,
  current: CatalogueView['channels'][number] | undefined,
): Command {
  const before = current && withoutSecrets(current.settings);
  const sent = Object.entries(input).filter(([, value]) => value !== undefined);
  const settings = {
    ...DEFAULT_SETTINGS,
    ...before,
    ...(Object.fromEntries(
      sent.map(([name, value]) => [name, orNone(name, value)]),
    ) as Partial<ChannelSettings>),
    ...(input.parameter_overrides && {
      parameter_overrides: {
        ...(before?.parameter_overrides ?? DEFAULT_SETTINGS.parameter_overrides),
        ...input.parameter_overrides,
      },
    }),
  } as Command['settings'];
  return {
    channelId,
    settings,
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

function withoutSecrets(settings: ChannelSettings): Command['settings'] {
  const rest: Partial<ChannelSettings> = { ...settings };
  delete rest.keys;
  delete rest.proxy_url;
  delete rest.sealed_proxy_credentials;
  return rest as Command['settings'];
}

const NULLABLE = new Set([
  'test_model',
  'health_check_interval_seconds',
  'max_concurrency',
  'max_calls_per_minute',
  'api_version',
]);

/** A member that is null counts as absent in this API, so that "" and 0 take a value away. */
const orNone = (name: string, value: unknown): unknown =>
  NULLABLE.has(name) && (value === '' || value === 0) ? null : value;
