import { type Decimal } from '../../../domain/money/decimal.js';
import type { EventType } from '../../../domain/events/catalogue.js';
import { typeOfStored } from '../../../domain/events/versions.js';
import { BEFORE_FIRST, type EventStore } from '../../../eventstore/event-store.js';
import { readLog } from '../../../eventstore/read-log.js';
import { decodeRecorded } from '../../../projections/runtime/decode-event.js';
import type { TokenParts, UnitCounts } from './units.js';
import { type WholeEvent, type Queryable, schemaOf } from '../../../projections/runtime/projection.js';

/** A call as the ledger charged it. */
export interface ChargedCall {
  readonly callId: string;
  /** As upstream named it; null when it named none. */
  readonly requestId: string | null;
  readonly at: Date;
  readonly channelId: string;
  /** As upstream knows it. */
  readonly model: string;
  readonly promptTokens: bigint;
  readonly completionTokens: bigint;
  readonly parts: TokenParts;
  readonly units: UnitCounts;
  readonly chargeUsd: Decimal;
}

/** A charge put right afterwards: what the account pays more. */
export interface Correction {
  readonly at: Date;
  readonly chargeUsd: Decimal;
}

export type Charge = { readonly call: ChargedCall } | { readonly correction: Correction };

/**
 * Every charge recorded from a moment on, from the log (read models do not keep upstream's ids). The log is read to its end:
 * charges that waited in a spool are recorded later than their calls began.
 */
export async function* readCharges(
  store: EventStore,
  db: Queryable,
  from: Date,
  onProgress: (events: number) => void,
): AsyncGenerator<Charge> {
  let events = 0;
  for await (const page of readLog(store, { after: await positionBefore(db, from) })) {
    for (const recorded of page.events) {
      if (!chargeTypes.has(typeOfStored(recorded.type))) continue;
      const charge = chargeOf(decodeRecorded(recorded));
      if (charge) yield charge;
    }
    onProgress((events += page.events.length));
  }
}

/** The last charge before, as a place that there is in the log. A call is recorded after it began; an hour is room for clocks that differ. */
async function positionBefore(db: Queryable, from: Date): Promise<bigint> {
  const table = `${schemaOf('usage-log')}.log_rows`;
  const { rows } = await db.query<{ last: bigint | null }>(
    `SELECT max(position) AS last FROM ${table} WHERE position <
       (SELECT min(position) FROM ${table} WHERE recorded_at >= $1::timestamptz - interval '1 hour')`,
    [from],
  );
  return rows[0]?.last ?? BEFORE_FIRST;
}

const chargeTypes: ReadonlySet<EventType | undefined> = new Set<EventType>([
  'consumption-recorded',
  'call-abandoned',
  'consumption-corrected',
]);

function chargeOf(event: WholeEvent): Charge | undefined {
  if (event.type === 'consumption-corrected')
    return { correction: { at: event.recordedAt, chargeUsd: usd(event.data.difference) } };
  if (event.type !== 'consumption-recorded' && event.type !== 'call-abandoned') return undefined;
  const { data } = event;
  return {
    call: {
      callId: data.call_id,
      requestId: data.upstream_request_id,
      at: new Date(data.started_at),
      channelId: data.channel_id,
      model: data.upstream_model,
      promptTokens: BigInt(data.usage.prompt_tokens),
      completionTokens: BigInt(data.usage.completion_tokens),
      parts: {
        cached: BigInt(data.usage.cached_tokens),
        cache_write: BigInt(data.usage.cache_write_tokens),
        cache_write_1h: BigInt(data.usage.cache_write_1h_tokens),
      },
      units: {
        images: BigInt(data.usage.images),
        seconds: BigInt(data.usage.media_ms),
        characters: BigInt(data.usage.characters),
        searches: BigInt(data.usage.searches + data.usage.file_searches),
      },
      chargeUsd: usd(data.quota),
    },
  };
}

/** One quota is 0.000002 USD. */
const usd = (quota: bigint): Decimal => ({ unscaled: quota * 2n, scale: 6 });
