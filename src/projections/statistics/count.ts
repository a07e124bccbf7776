import type { LogRow } from '../usage/log-row.js';
import type { LedgerEvent } from '../runtime/projection.js';

/** What is added up. */
interface Counts {
  readonly requests: number;
  readonly failed: number;
  readonly hung_up: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly quota: bigint;
}

/** What an event says of the call that it is about. */
interface CountedCall {
  readonly account_id: string;
  readonly model: string;
  /** 0 where no key was used. */
  readonly token_id: number;
  /** Who answered, and by which group the price was chosen; empty where the event does not say. */
  readonly channel_id?: string | null;
  readonly group?: string;
}

interface Counted {
  readonly type: LogRow['type'];
  readonly call: CountedCall;
  readonly counts: Counts;
}

/** The events of a batch, added up. Amounts are text, for JSON. */
export interface CountedEvents {
  /** One row for each account, type, model, key and quarter of an hour. */
  readonly days: readonly object[];
  /** One row for each type, model, channel, group and quarter of an hour: far fewer, where many accounts call. */
  readonly traffic: readonly object[];
}

/**
 * In no time zone does a day begin within one of these: offsets have been whole quarters of an hour since 1972. Which day it is of is
 * for the database to say, which knows the zones.
 */
const QUARTER_MS = 15 * 60_000;

/** Adds up what the history has of a batch, once for each table. */
export function countEvents(events: readonly LedgerEvent[]): CountedEvents {
  const [days, traffic] = [new Sums(), new Sums()];
  for (const event of events) {
    const counted = countOf(event);
    if (!counted) continue;
    const { type, call, counts } = counted;
    const { account_id, model, token_id, channel_id, group: group_name = '' } = call;
    const channel = channel_id ?? '';
    const quarter = Math.floor(event.recordedAt.getTime() / QUARTER_MS);
    // JSON, because the names may be any text.
    const key = `${type} ${quarter} ${JSON.stringify(model)}`;
    const served = JSON.stringify([channel, group_name]);
    const recorded_at = (): Date => new Date(quarter * QUARTER_MS);
    days.add(`${account_id} ${token_id} ${key}`, counts, () => ({
      ...{ account_id, token_id, type, model },
      recorded_at: recorded_at(),
    }));
    traffic.add(`${served} ${key}`, counts, () => ({
      ...{ channel_id: channel, group_name, type, model },
      recorded_at: recorded_at(),
    }));
  }
  return { days: days.rows(), traffic: traffic.rows() };
}

const NOTHING: Counts = {
  requests: 0,
  failed: 0,
  hung_up: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  quota: 0n,
};

function countOf(event: LedgerEvent): Counted | undefined {
  switch (event.type) {
    case 'consumption-recorded':
    case 'call-abandoned': {
      const { prompt_tokens, completion_tokens } = event.data.usage;
      const { quota } = event.data;
      const isRecorded = event.type === 'consumption-recorded';
      const requests = isRecorded || quota > 0n ? 1 : 0;
      const hung_up = isRecorded && event.data.ended === 'client-closed' ? 1 : 0;
      const counts = { requests, failed: 0, hung_up, prompt_tokens, completion_tokens, quota };
      return { type: 'consume', call: event.data, counts };
    }
    case 'consumption-corrected':
      return { type: 'adjust', call: event.data, counts: { ...NOTHING, quota: event.data.difference } };
    case 'call-failed': {
      const hung_up = event.data.stage === 'client' ? 1 : 0;
      return { type: 'error', call: event.data, counts: { ...NOTHING, failed: 1, hung_up } };
    }
    case 'payment-credited':
      return withoutCall('topup', event.data, -event.data.quota);
    case 'payment-refunded':
    case 'payment-taken-back':
      return withoutCall('refund', event.data, event.data.quota);
    case 'payment-refund-reversed':
      return withoutCall('refund', event.data, -event.data.quota);
    case 'balance-adjusted':
      return withoutCall('adjust', event.data, -event.data.quota);
    case 'grant-given':
      return withoutCall('grant', event.data, -event.data.quota);
    case 'grant-expired':
    case 'grant-withdrawn':
      return withoutCall('grant', event.data, event.data.quota);
    default:
      return undefined;
  }
}

const withoutCall = (
  type: LogRow['type'],
  { account_id }: { account_id: string },
  quota: bigint,
): Counted => ({
  type,
  call: { account_id, model: '', token_id: 0 },
  counts: { ...NOTHING, quota },
});

/** Counts by what they are of; each that is added is a row of the history. */
class Sums {
  private readonly sums = new Map<string, { -readonly [Count in keyof Counts]: Counts[Count] } & Rows>();

  /** @param of made for the first of a key */
  add(key: string, counts: Counts, of: () => object): void {
    const sum = this.sums.get(key);
    if (!sum) {
      this.sums.set(key, { of: of(), log_rows: 1, ...counts });
      return;
    }
    sum.log_rows += 1;
    sum.requests += counts.requests;
    sum.failed += counts.failed;
    sum.hung_up += counts.hung_up;
    sum.prompt_tokens += counts.prompt_tokens;
    sum.completion_tokens += counts.completion_tokens;
    sum.quota += counts.quota;
  }

  rows(): readonly object[] {
    // Field by field: there are nearly as many as events.
    return [...this.sums.values()].map((sum) =>
      Object.assign(sum.of, {
        log_rows: sum.log_rows,
        requests: sum.requests,
        failed: sum.failed,
        hung_up: sum.hung_up,
        prompt_tokens: sum.prompt_tokens,
        completion_tokens: sum.completion_tokens,
        quota: sum.quota.toString(),
      }),
    );
  }
}

interface Rows {
  readonly of: object;
  log_rows: number;
}
