import type { CopyValue } from '../../postgres/copy.js';
import type { LogRow } from './log-row.js';
import { moneyEvents } from '../movement.js';
import type { LedgerEvent } from '../runtime/projection.js';

/** Events that make a row of a user's history. */
export const loggedEvents = [...moneyEvents, 'call-failed'] as const;

/** Of every row, in order. */
export const columns =
  'position, recorded_at, account_id, type, spend, reference, stream, revision, model, token_id, request_id, prompt_tokens, completion_tokens, channel_id, group_name, duration_ms, code';

/** What a row says of the call that it is about. */
interface Call {
  readonly model: string;
  readonly token_id: number | null;
  readonly request_id?: string;
  readonly channel_id?: string | null;
  readonly group?: string;
  readonly duration_ms?: number;
  readonly code?: string;
}

/** The code of a call whose process died: one that cost nothing is not counted among the requests. */
export const ABANDONED = 'call_abandoned';

interface Tokens {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

const NO_CALL: Call = { model: '', token_id: null };
const NO_TOKENS: Tokens = { prompt_tokens: 0, completion_tokens: 0 };

/**
 * The row of an event; undefined for events that make none. A corrected charge is a row of its own, of type `adjust` with the
 * call's model and key and the difference as its spend: rows once shown never change.
 */
export function logRowOf(event: LedgerEvent): readonly CopyValue[] | undefined {
  switch (event.type) {
    case 'payment-credited': {
      const { account_id, payment_id, quota } = event.data;
      return rowOf(event, account_id, 'topup', -quota, payment_id);
    }
    case 'payment-refunded': {
      const { account_id, refund_id, quota } = event.data;
      return rowOf(event, account_id, 'refund', quota, refund_id);
    }
    case 'payment-refund-reversed': {
      const { account_id, refund_id, quota } = event.data;
      return rowOf(event, account_id, 'refund', -quota, refund_id);
    }
    case 'payment-taken-back': {
      const { account_id, payment_id, quota } = event.data;
      return rowOf(event, account_id, 'refund', quota, payment_id);
    }
    case 'balance-adjusted': {
      const { account_id, adjustment_id, quota } = event.data;
      return rowOf(event, account_id, 'adjust', -quota, adjustment_id);
    }
    case 'grant-given': {
      const { account_id, grant_id, quota } = event.data;
      return rowOf(event, account_id, 'grant', -quota, grant_id);
    }
    case 'grant-expired':
    case 'grant-withdrawn': {
      const { account_id, grant_id, quota } = event.data;
      return rowOf(event, account_id, 'grant', quota, grant_id);
    }
    case 'consumption-corrected': {
      const { call_id, account_id, difference, model, token_id } = event.data;
      return rowOf(event, account_id, 'adjust', difference, call_id, { model, token_id });
    }
    case 'consumption-recorded': {
      const { data } = event;
      return rowOf(event, data.account_id, 'consume', data.quota, data.call_id, data, data.usage);
    }
    case 'call-abandoned': {
      const { data } = event;
      const call = { ...data, code: ABANDONED };
      return rowOf(event, data.account_id, 'consume', data.quota, data.call_id, call, data.usage);
    }
    case 'call-failed': {
      const { data } = event;
      return rowOf(event, data.account_id, 'error', 0n, data.call_id, data);
    }
    default:
      return undefined;
  }
}

/** One array a row and nothing else: of ten million rows every object between is a fifth of the time. */
function rowOf(
  { position, recordedAt, stream, revision }: LedgerEvent,
  accountId: string,
  type: LogRow['type'],
  spend: bigint,
  reference: string,
  call = NO_CALL,
  tokens = NO_TOKENS,
): readonly CopyValue[] {
  return [
    position,
    recordedAt.toISOString(),
    accountId,
    type,
    spend,
    reference,
    stream,
    revision,
    call.model,
    call.token_id,
    call.request_id ?? null,
    tokens.prompt_tokens,
    tokens.completion_tokens,
    call.channel_id ?? '',
    call.group ?? '',
    call.duration_ms ?? null,
    call.code ?? null,
  ];
}
