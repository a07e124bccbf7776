import { z } from 'zod';

/** What an upcaster must know of a first version; all else is taken over as it is. */
const configuredWithOneKey = z.looseObject({ settings: z.looseObject({ sealed_api_key: z.unknown() }) });
const disabled = z.looseObject({});

/** `channel-configured` from version 1 to 2: a channel had one key. */
export function upcastSingleKey(data: unknown): unknown {
  const { settings, ...event } = configuredWithOneKey.parse(data);
  const { sealed_api_key: sealed, ...kept } = settings;
  return {
    ...event,
    settings: {
      ...kept,
      keys: [{ id: 'key-1', sealed, disabled: null }],
      health_check_interval_seconds: null,
      max_concurrency: null,
      max_calls_per_minute: null,
      parameter_overrides: { drop: [], default: {}, set: {} },
      header_overrides: {},
      forward_headers: [],
      proxy_url: null,
      sealed_proxy_credentials: null,
      api_version: null,
    },
  };
}

/** `channel-disabled` from version 1 to 2: only people switched a channel off. */
export const upcastDisabledByPerson = (data: unknown): unknown => ({
  ...disabled.parse(data),
  automatic: false,
});

const configured = z.looseObject({ settings: z.looseObject({}) });

/** `channel-configured` from version 2 to 3: searches were let through at any price, all else that is new here was not looked at. */
export function upcastBeforeAllowances(data: unknown): unknown {
  const { settings, ...event } = configured.parse(data);
  return { ...event, settings: { ...settings, allowed_members: ['searches'] } };
}

/** `channel-configured` from version 3 to 4: a channel was spoken to at its base alone. */
export function upcastOneBase(data: unknown): unknown {
  const { settings, ...event } = configured.parse(data);
  return { ...event, settings: { ...settings, endpoints: {}, auth: 'own' } };
}

/** `channel-configured` from version 4 to 5: nothing was converted. */
export function upcastUnconverted(data: unknown): unknown {
  const { settings, ...event } = configured.parse(data);
  const conversion = { from: [], on_loss: 'drop', quirks: [] };
  return { ...event, settings: { ...settings, conversion } };
}

/** `channel-configured` from version 5 to 6: every upstream was shown the key itself, and none was asked what is left. */
export function upcastKeysAlone(data: unknown): unknown {
  const { settings, ...event } = configured.parse(data);
  return { ...event, settings: { ...settings, region: null, oauth: null, balance: null } };
}
