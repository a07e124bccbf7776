import { z } from 'zod';
import { groupRatioFor } from '../../../domain/pricing/group-ratio.js';
import { PriceBook } from '../../../domain/pricing/price-book.js';
import { type Group, groupSchema, type Price, priceSchema } from '../../../domain/pricing/price.js';
import { type Queryable, schemaOf } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';

/** A version of the price list as it was published. */
export interface PublishedList {
  readonly version: number;
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
}

interface Row {
  readonly prices: unknown;
  readonly groups: unknown;
  readonly published_by: string;
  readonly published_at: Date;
}

/** Undefined for version 0, and where the list was published outside of this log. */
export async function publishedList(tx: Queryable, version: number): Promise<PublishedList | undefined> {
  const { rows } = await tx.query<Row>(
    `SELECT prices, groups, published_by, published_at FROM ${schemaOf('catalogue')}.price_lists WHERE version = $1`,
    [version],
  );
  const [row] = rows;
  if (!row) return undefined;
  return {
    version,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
    prices: z.array(priceSchema).parse(row.prices),
    groups: z.array(groupSchema).parse(row.groups),
  };
}

/** What the list says of a model and a group; undefined where it does not know them. `userGroup`: where the ratio was chosen by it. */
export function listedPrice(
  list: PublishedList,
  model: string,
  group: string,
  userGroup: string | undefined,
): { readonly price: Price | undefined; readonly groupRatio: string | undefined } {
  const known = list.groups.find(({ name }) => name === storableText(group));
  return {
    price: new PriceBook(list.prices).get(storableText(model)),
    groupRatio: known && groupRatioFor(known, userGroup, storableText(model)).ratio,
  };
}

/** A channel's name as it is today; null when there is none. */
export async function channelName(tx: Queryable, channelId: string): Promise<string | null> {
  const { rows } = await tx.query<{ name: string | null }>(
    `SELECT settings ->> 'name' AS name FROM ${schemaOf('catalogue')}.channels WHERE channel_id = $1`,
    [storableText(channelId)],
  );
  return rows[0]?.name ?? null;
}
