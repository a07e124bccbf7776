import type { ChannelSettings } from '../../../src/domain/channel/settings.js';
import { plainChannel } from '../../support/channel.js';
import type { Price } from '../../../src/domain/pricing/price.js';

export function price(
  model: string,
  modelRatio: string,
  completionRatio: string,
  perCallUsd: string | null = null,
): Price {
  return {
    model,
    model_ratio: modelRatio,
    completion_ratio: completionRatio,
    cache_ratio: '1',
    cache_write_ratio: '1',
    per_call_usd: perCallUsd,
    max_output_tokens: 4096,
  };
}

/** An enabled channel for the default and vip groups, unless told otherwise. */
export function channel(channelId: string, settings: Partial<ChannelSettings>) {
  return {
    channelId,
    enabled: true,
    disabled: null,
    settings: {
      name: channelId,
      base_url: 'http://127.0.0.1:1',
      ...plainChannel,
      keys: [{ id: 'key-1', sealed: { key_id: 'master', box: 'AA==' }, disabled: null }],
      models: [],
      groups: ['default', 'vip'],
      test_model: null,
      ...settings,
    },
  };
}
