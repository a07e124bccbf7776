import { typeOfStored } from '../../domain/events/versions.js';
import { charge } from '../../domain/pricing/charge.js';
import { groupRatioFor } from '../../domain/pricing/group-ratio.js';
import { PriceBook } from '../../domain/pricing/price-book.js';
import type { Group, Price } from '../../domain/pricing/price.js';
import { ratesFor, tokenRatesFor } from '../../domain/pricing/rates.js';
import { serviceTierNamed } from '../../domain/pricing/service-tiers.js';
import { BEFORE_FIRST, type EventStore } from '../../eventstore/event-store.js';
import { readLog } from '../../eventstore/read-log.js';
import { decodeRecorded } from '../../projections/runtime/decode-event.js';
import { type Queryable, schemaOf, type WholeEventOf } from '../../projections/runtime/projection.js';

interface PriceEntries {
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
}

export interface RecomputedModel {
  readonly model: string;
  readonly calls: number;
  /** As it was charged, and as it would have been. Of calls that the list can price. */
  readonly charged: bigint;
  readonly recomputed: bigint;
  /** Of a model or group that the list does not know: they would be refused. */
  readonly unpriced: number;
}

/** What the calls since a moment would have cost by another list. */
export interface Recomputed {
  readonly from: Date;
  readonly calls: number;
  /** Older ones since that moment, which were not looked at. */
  readonly omitted: number;
  /** Those that would move most first. */
  readonly models: readonly RecomputedModel[];
}

/** @param most calls that are looked at, the newest */
export async function recomputeCharges(
  { store, pool }: { readonly store: Pick<EventStore, 'readAll'>; readonly pool: Queryable },
  list: PriceEntries,
  { from, most }: { readonly from: Date; readonly most: number },
): Promise<Recomputed> {
  const stretch = await stretchOf(pool, from, most);
  const book = new Book(list);
  const models = new Map<string, { -readonly [Name in keyof RecomputedModel]: RecomputedModel[Name] }>();
  let calls = 0;
  if (stretch.last !== undefined)
    for await (const page of readLog(store, { after: stretch.after, until: stretch.last })) {
      for (const recorded of page.events) {
        if (recorded.position > stretch.last) break;
        if (typeOfStored(recorded.type) !== 'consumption-recorded' || recorded.recordedAt < from) continue;
        const { data } = decodeRecorded(recorded) as WholeEventOf<'consumption-recorded'>;
        const row = models.get(data.model) ?? {
          model: data.model,
          calls: 0,
          charged: 0n,
          recomputed: 0n,
          unpriced: 0,
        };
        models.set(data.model, row);
        const quota = book.chargeOf(data);
        row.calls += 1;
        calls += 1;
        if (quota === undefined) row.unpriced += 1;
        else {
          row.charged += data.quota;
          row.recomputed += quota;
        }
      }
    }
  const moved = ({ charged, recomputed }: RecomputedModel) =>
    recomputed > charged ? recomputed - charged : charged - recomputed;
  const sorted = [...models.values()].sort((a, b) => (moved(a) > moved(b) ? -1 : 1));
  return { from, calls, omitted: Math.max(0, stretch.calls - calls), models: sorted };
}

interface Stretch {
  /** The place of the log before the first call that is looked at. */
  readonly after: bigint;
  readonly last: bigint | undefined;
  readonly calls: number;
}

/** Only places that there are in the log can be read from. */
async function stretchOf(db: Queryable, from: Date, most: number): Promise<Stretch> {
  const table = `${schemaOf('usage-log')}.log_rows`;
  const { rows } = await db.query<{ first: bigint | null; last: bigint | null; calls: bigint }>(
    `WITH calls AS (SELECT position FROM ${table} WHERE recorded_at >= $1 AND type = 'consume')
     SELECT (SELECT min(position) FROM (SELECT position FROM calls ORDER BY position DESC LIMIT $2) newest) AS first,
            (SELECT max(position) FROM calls) AS last, (SELECT count(*) FROM calls) AS calls`,
    [from, most],
  );
  const [{ first = null, last = null, calls = 0n } = {}] = rows;
  if (first === null || last === null) return { after: BEFORE_FIRST, last: undefined, calls: 0 };
  const before = await db.query<{ last: bigint | null }>(
    `SELECT max(position) AS last FROM ${table} WHERE position < $1`,
    [first],
  );
  return { after: before.rows[0]?.last ?? BEFORE_FIRST, last, calls: Number(calls) };
}

type Call = WholeEventOf<'consumption-recorded'>['data'];

/** A list that is not published, by the functions that charge. */
class Book {
  private readonly prices: PriceBook;
  private readonly groups: ReadonlyMap<string, Group>;

  constructor({ prices, groups }: PriceEntries) {
    this.prices = new PriceBook(prices);
    this.groups = new Map(groups.map((group) => [group.name, group]));
  }

  /** Undefined where the list does not know the model or the group. */
  chargeOf(call: Call): bigint | undefined {
    const price = this.prices.get(call.model);
    const group = this.groups.get(call.group);
    if (!price || !group) return undefined;
    const tier = serviceTierNamed(call.service_tier ?? '');
    const image = { size: call.image_size, quality: call.image_quality };
    const ratio = (model: string) => groupRatioFor(group, call.user_group, model).ratio;
    const parts = (call.parts ?? []).map((part) => {
      // A model that the list does not know is charged as the one that was called.
      const own = this.prices.get(part.model);
      const rates = tokenRatesFor(own ?? price, part.usage.prompt_tokens, tier);
      return {
        model: part.model,
        usage: part.usage,
        ...rates,
        group_ratio: ratio(own ? part.model : call.model),
      };
    });
    const rates = ratesFor(price, call.usage.prompt_tokens, image, tier);
    return charge(rates, ratio(call.model), call.usage, parts).quota;
  }
}
