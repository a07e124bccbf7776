import type { ChannelSettings } from '../../../../domain/channel/events.js';
import type { Sealed } from '../../../../domain/stored/fields.js';
import type { CatalogueView } from '../../../../projections/read-models.js';

/** @param maskOf of a sealed key; undefined where it cannot be opened */
export function presentChannel(
  { channelId, enabled, disabled, settings }: CatalogueView['channels'][number],
  maskOf: (sealed: Sealed) => string | undefined,
) {
  const { keys, sealed_proxy_credentials, ...rest } = settings;
  return {
    channel_id: channelId,
    enabled,
    disabled,
    ...rest,
    keys: keys.map((key) => ({ id: key.id, key: maskOf(key.sealed) ?? null, disabled: key.disabled })),
    proxy_credentials: sealed_proxy_credentials !== null,
  };
}

/** What a new channel is where it does not say. */
export const DEFAULT_SETTINGS = {
  type: 'openai',
  model_mapping: {},
  groups: ['default'],
  priority: 0,
  weight: 1,
  test_model: null,
  health_check_interval_seconds: null,
  max_concurrency: null,
  max_calls_per_minute: null,
  parameter_overrides: { drop: [], default: {}, set: {} },
  header_overrides: {},
  forward_headers: [],
  api_version: null,
} as const satisfies Partial<Record<keyof ChannelSettings, unknown>>;
