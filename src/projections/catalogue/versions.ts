import { z } from 'zod';
import { type Group, groupSchema, type Price, priceSchema } from '../../domain/pricing/price.js';
import { type Queryable, schemaOf } from '../runtime/projection.js';

/** A published list, without what is in it. */
export interface PriceVersion {
  readonly version: number;
  readonly publishedBy: string;
  readonly publishedAt: Date;
  /** Where in the log it was published. */
  readonly position: bigint;
  readonly models: number;
  readonly groups: number;
}

export interface PriceListView extends PriceVersion {
  readonly prices: readonly Price[];
  readonly groupRatios: readonly Group[];
}

interface Row {
  readonly version: bigint;
  readonly published_by: string;
  readonly published_at: Date;
  readonly position: bigint;
  readonly models: number;
  readonly groups: number;
}

const COLUMNS = `version, published_by, published_at, position, jsonb_array_length(prices) AS models,
  jsonb_array_length(groups) AS groups`;
const TABLE = `${schemaOf('catalogue')}.price_lists`;

/** The newest first, those before `before`. */
export async function priceVersions(
  db: Queryable,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<readonly PriceVersion[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM ${TABLE} WHERE version < $1 ORDER BY version DESC LIMIT $2`,
    [before, limit],
  );
  return rows.map(versionOf);
}

/** What was published as this version. */
export async function findPriceList(db: Queryable, version: number): Promise<PriceListView | undefined> {
  const { rows } = await db.query<Row & { readonly list: unknown; readonly ratios: unknown }>(
    `SELECT ${COLUMNS}, prices AS list, groups AS ratios FROM ${TABLE} WHERE version = $1`,
    [version],
  );
  const [row] = rows;
  return (
    row && {
      ...versionOf(row),
      prices: z.array(priceSchema).parse(row.list),
      groupRatios: z.array(groupSchema).parse(row.ratios),
    }
  );
}

const versionOf = (row: Row): PriceVersion => ({
  version: Number(row.version),
  publishedBy: row.published_by,
  publishedAt: row.published_at,
  position: row.position,
  models: row.models,
  groups: row.groups,
});
