import { DateTime } from 'luxon';
import type { LedgerEvent } from '../../runtime/projection.js';
import { storableText } from '../../runtime/rows.js';

type DayCounts = {
  requests: number;
  failed: number;
  prompt_tokens: number;
  completion_tokens: number;
  quota: bigint;
};

const QUARTER_MS = 15 * 60 * 1000;

/** Usage by account, day, model and key. Memory grows with the rows of that table. */
export class Days {
  readonly rows = new Map<string, DayCounts>();
  /** Offsets change on the quarter of an hour at most, so one look at the calendar serves all events in it. */
  readonly #dayOfQuarter = new Map<number, string>();

  constructor(private readonly timeZone: string) {}

  apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'consumption-recorded.v2':
      case 'call-abandoned.v2': {
        const row = this.#row(event);
        row.requests += event.type === 'consumption-recorded.v2' || event.data.quota > 0n ? 1 : 0;
        row.prompt_tokens += event.data.usage.prompt_tokens;
        row.completion_tokens += event.data.usage.completion_tokens;
        row.quota += event.data.quota;
        return;
      }
      case 'consumption-corrected.v1':
        this.#row(event).quota += event.data.quota - event.data.quota_before;
        return;
      case 'call-failed.v1':
        this.#row(event).failed += 1;
        return;
      default:
    }
  }

  #row({
    recordedAt,
    data,
  }: LedgerEvent & { data: { account_id: string; model: string; token_id: number } }): DayCounts {
    const key = dayKey(data.account_id, this.#dayOf(recordedAt), storableText(data.model), data.token_id);
    let row = this.rows.get(key);
    if (!row) {
      row = { requests: 0, failed: 0, prompt_tokens: 0, completion_tokens: 0, quota: 0n };
      this.rows.set(key, row);
    }
    return row;
  }

  #dayOf(at: Date): string {
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    let day = this.#dayOfQuarter.get(quarter);
    if (day === undefined) {
      day = DateTime.fromJSDate(at, { zone: this.timeZone }).toFormat('yyyy-MM-dd');
      this.#dayOfQuarter.set(quarter, day);
    }
    return day;
  }
}

export const dayKey = (accountId: string, day: string, model: string, tokenId: number | bigint): string =>
  `${accountId} ${day} token ${tokenId} ${model}`;
