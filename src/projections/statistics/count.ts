import type { LogRow } from '../usage/log-row.js';
import type { LedgerEvent } from '../runtime/projection.js';

interface Counted {
  readonly account_id: string;
  readonly type: LogRow['type'];
  readonly model: string;
  /** 0 where no key was used. */
  readonly token_id: number;
  /** Who answered, and by which group the price was chosen; empty where the event does not say. */
  readonly channel_id: string;
  readonly group_name: string;
  /** An instant of the day. */
  readonly recorded_at: Date;
  log_rows: number;
  requests: number;
  failed: number;
  hung_up: number;
  prompt_tokens: number;
  completion_tokens: number;
  quota: bigint;
}

/**
 * In no time zone does a day begin within one of these: offsets have been whole quarters of an hour since 1972. Which day it is of is
 * for the database to say, which knows the zones.
 */
const QUARTER_MS = 15 * 60_000;

/** The events of a batch, one row for each account, type, model, key, channel, group and quarter of an hour. Amounts are text, for JSON. */
export function countEvents(events: readonly LedgerEvent[]): readonly object[] {
  const rows = new Map<string, Counted>();
  for (const event of events) addTo(rows, event);
  return [...rows.values()].map((row) => ({ ...row, quota: row.quota.toString() }));
}

function addTo(rows: Map<string, Counted>, event: LedgerEvent): void {
  switch (event.type) {
    case 'consumption-recorded':
    case 'call-abandoned': {
      const { usage, quota } = event.data;
      const row = rowOf(rows, event, 'consume', event.data);
      if (event.type === 'consumption-recorded' || quota > 0n) row.requests += 1;
      row.prompt_tokens += usage.prompt_tokens;
      row.completion_tokens += usage.completion_tokens;
      row.quota += quota;
      if (event.type === 'consumption-recorded' && event.data.ended === 'client-closed') row.hung_up += 1;
      return;
    }
    case 'consumption-corrected':
      rowOf(rows, event, 'adjust', event.data).quota += event.data.difference;
      return;
    case 'call-failed': {
      const row = rowOf(rows, event, 'error', event.data);
      row.failed += 1;
      if (event.data.stage === 'client') row.hung_up += 1;
      return;
    }
    case 'payment-credited':
      rowOf(rows, event, 'topup', withoutCall(event.data)).quota -= event.data.quota;
      return;
    case 'payment-refunded':
      rowOf(rows, event, 'refund', withoutCall(event.data)).quota += event.data.quota;
      return;
    case 'balance-adjusted':
      rowOf(rows, event, 'adjust', withoutCall(event.data)).quota -= event.data.quota;
      return;
    default:
  }
}

const withoutCall = ({ account_id }: { account_id: string }) => ({ account_id, model: '', token_id: 0 });

/** What an event says of the call that it is about. */
interface CountedCall {
  readonly account_id: string;
  readonly model: string;
  readonly token_id: number;
  readonly channel_id?: string | null;
  readonly group?: string;
}

/** The row that an event is counted in, the event already counted as one of the history. */
function rowOf(
  rows: Map<string, Counted>,
  { recordedAt }: LedgerEvent,
  type: Counted['type'],
  { account_id, model, token_id, channel_id, group = '' }: CountedCall,
): Counted {
  const channel = channel_id ?? '';
  const quarter = Math.floor(recordedAt.getTime() / QUARTER_MS);
  // JSON, because the names may be any text.
  const key = `${account_id} ${type} ${token_id} ${quarter} ${JSON.stringify([channel, group, model])}`;
  let row = rows.get(key);
  if (!row) {
    const nothing = {
      log_rows: 0,
      requests: 0,
      failed: 0,
      hung_up: 0,
      prompt_tokens: 0,
      completion_tokens: 0,
      quota: 0n,
    };
    const of = { account_id, type, model, token_id, channel_id: channel, group_name: group };
    row = { ...of, recorded_at: new Date(quarter * QUARTER_MS), ...nothing };
    rows.set(key, row);
  }
  row.log_rows += 1;
  return row;
}
