import { DateTime } from 'luxon';
import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import type { Fields } from '../check.js';
import { expectedLogRow } from './expected-log-row.js';

type DayCounts = {
  log_rows: number;
  requests: number;
  failed: number;
  hung_up: number;
  prompt_tokens: number;
  completion_tokens: number;
  quota: bigint;
};

const QUARTER_MS = 15 * 60 * 1000;

/** The history by account, day, type, model and key. Memory grows with the rows of that table. */
export class Days {
  readonly rows = new Map<string, DayCounts>();
  /** Offsets change on the quarter of an hour at most, so one look at the calendar serves all events in it. */
  private readonly dayOfQuarter = new Map<number, string>();

  constructor(private readonly timeZone: string) {}

  apply(event: LedgerEvent): void {
    const logged = expectedLogRow(event);
    if (!logged) return;
    const row = this.row(event.recordedAt, logged);
    row.log_rows += 1;
    row.prompt_tokens += Number(logged['prompt_tokens']);
    row.completion_tokens += Number(logged['completion_tokens']);
    row.quota += logged['spend'] as bigint;
    if (event.type === 'call-failed') row.failed += 1;
    else if (event.type === 'consumption-recorded') row.requests += 1;
    else if (event.type === 'call-abandoned' && event.data.quota > 0n) row.requests += 1;
    if (isHungUp(event)) row.hung_up += 1;
  }

  private row(recordedAt: Date, { account_id, type, model, token_id }: Fields): DayCounts {
    const key = dayKey(
      String(account_id),
      this.dayOf(recordedAt),
      String(type),
      String(model),
      Number(token_id),
    );
    let row = this.rows.get(key);
    if (!row) {
      const counts = { requests: 0, failed: 0, hung_up: 0, prompt_tokens: 0, completion_tokens: 0 };
      row = { log_rows: 0, ...counts, quota: 0n };
      this.rows.set(key, row);
    }
    return row;
  }

  private dayOf(at: Date): string {
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    let day = this.dayOfQuarter.get(quarter);
    if (day === undefined) {
      day = DateTime.fromJSDate(at, { zone: this.timeZone }).toFormat('yyyy-MM-dd');
      this.dayOfQuarter.set(quarter, day);
    }
    return day;
  }
}

/** Its client did not wait for the answer. */
const isHungUp = ({ type, data }: LedgerEvent): boolean =>
  type === 'consumption-recorded'
    ? data.ended === 'client-closed'
    : type === 'call-failed' && data.stage === 'client';

/** `tokenId` 0: no key was used. */
export const dayKey = (
  accountId: string,
  day: string,
  type: string,
  model: string,
  tokenId: number,
): string => `${accountId} ${day} ${type} token ${tokenId} ${model}`;
