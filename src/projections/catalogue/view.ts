import type { ChannelSettings } from '../../domain/channel/settings.js';
import type { Group, Price } from '../../domain/pricing/price.js';

export interface CatalogueView {
  /** 0 and empty before the first list is published. */
  readonly priceVersion: number;
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
  readonly channels: readonly {
    readonly channelId: string;
    readonly enabled: boolean;
    /** Why it is not. */
    readonly disabled: { readonly reason: string; readonly automatic: boolean } | null;
    readonly settings: ChannelSettings;
  }[];
}
