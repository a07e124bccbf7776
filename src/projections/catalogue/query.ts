import { z } from 'zod';
import { channelSettings } from '../../domain/channel/settings.js';
import { groupSchema, priceSchema } from '../../domain/pricing/price.js';
import type { CatalogueView } from './view.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

interface PriceListRow {
  readonly version: bigint;
  readonly prices: unknown;
  readonly groups: unknown;
}

interface ChannelRow {
  readonly channel_id: string;
  readonly settings: unknown;
  readonly enabled: boolean;
  readonly disabled: { readonly reason: string; readonly automatic: boolean } | null;
}

/** The price list in force and all channels, by id. */
export async function readCatalogue(db: Queryable): Promise<CatalogueView> {
  const lists = await db.query<PriceListRow>(
    `SELECT version, prices, groups FROM ${schemaOf('catalogue')}.price_lists ORDER BY version DESC LIMIT 1`,
  );
  const channels = await db.query<ChannelRow>(
    `SELECT channel_id, settings, enabled, disabled FROM ${schemaOf('catalogue')}.channels ORDER BY channel_id`,
  );
  const [list] = lists.rows;
  return {
    priceVersion: Number(list?.version ?? 0),
    prices: z.array(priceSchema).parse(list?.prices ?? []),
    groups: z.array(groupSchema).parse(list?.groups ?? []),
    channels: channels.rows.map(({ channel_id, settings, enabled, disabled }) => ({
      channelId: channel_id,
      enabled,
      disabled,
      settings: channelSettings.parse(settings),
    })),
  };
}
