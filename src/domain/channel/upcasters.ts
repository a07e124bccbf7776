import { z } from 'zod';
import type { Upcaster } from '../events/upcaster.js';

/** What an upcaster must know of a first version; all else is taken over as it is. */
const configuredV1 = z.looseObject({ settings: z.looseObject({ sealed_api_key: z.unknown() }) });
const disabledV1 = z.looseObject({});

/** Older versions of a channel's events: a channel had one key, and only people switched it off. */
export const channelUpcasters: Readonly<Record<string, Upcaster>> = {
  'channel-configured.v1': {
    to: 'channel-configured.v2',
    upcast(data) {
      const { settings, ...event } = configuredV1.parse(data);
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
    },
  },
  'channel-disabled.v1': {
    to: 'channel-disabled.v2',
    upcast: (data) => ({ ...disabledV1.parse(data), automatic: false }),
  },
};
