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

/** The history by account, day, type, model and key, and once more by day, type, model, channel and group. Memory grows with the rows of those tables. */
export class Days {
  readonly rows = new Map<string, DayCounts>();
  readonly traffic = new Map<string, Omit<DayCounts, 'hung_up'>>();
  /** Offsets change on the quarter of an hour at most, so one look at the calendar serves all events in it. */
  private readonly dayOfQuarter = new Map<number, string>();

  constructor(private readonly timeZone: string) {}

  apply(event: LedgerEvent): void {
    const logged = expectedLogRow(event);
    if (!logged) return;
    const day = this.dayOf(event.recordedAt);
    const { account_id, type, model, token_id, channel_id, group_name } = logged;
    const ofAccount = dayKey(String(account_id), day, String(type), String(model), Number(token_id));
    const row = rowAt(this.rows, ofAccount, { ...nothing(), hung_up: 0 });
    count(row, event, logged);
    if (isHungUp(event)) row.hung_up += 1;
    const ofAll = trafficKey(day, String(type), String(model), String(channel_id), String(group_name));
    count(rowAt(this.traffic, ofAll, nothing()), event, logged);
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

const nothing = () => ({
  log_rows: 0,
  requests: 0,
  failed: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  quota: 0n,
});

function rowAt<Row>(rows: Map<string, Row>, key: string, empty: Row): Row {
  const found = rows.get(key);
  if (found) return found;
  rows.set(key, empty);
  return empty;
}

function count(row: Omit<DayCounts, 'hung_up'>, event: LedgerEvent, logged: Fields): void {
  row.log_rows += 1;
  row.prompt_tokens += Number(logged['prompt_tokens']);
  row.completion_tokens += Number(logged['completion_tokens']);
  row.quota += logged['spend'] as bigint;
  if (event.type === 'call-failed') row.failed += 1;
  else if (event.type === 'consumption-recorded') row.requests += 1;
  else if (event.type === 'call-abandoned' && event.data.quota > 0n) row.requests += 1;
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

/** Names may hold anything, so that what separates them is told from them. */
export const trafficKey = (day: string, ...names: readonly string[]): string =>
  JSON.stringify([day, ...names]);
