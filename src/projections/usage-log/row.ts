import type { LogRow } from '../read-models.js';
import { moneyEvents } from '../movement.js';
import type { LedgerEvent } from '../runtime/projection.js';

/** Events that make a row of a user's history. */
export const loggedEvents = [...moneyEvents, 'call-failed.v1'] as const;

export interface StoredRow {
  readonly position: string;
  readonly recorded_at: Date;
  readonly account_id: string;
  readonly type: LogRow['type'];
  readonly model: string;
  readonly token_id: number | null;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly spend: string;
  readonly request_id: string | null;
  readonly reference: string;
  readonly stream: string;
  readonly revision: string;
}

const NO_CALL = { model: '', token_id: null, prompt_tokens: 0, completion_tokens: 0, request_id: null };

/**
 * The row of an event; undefined for events that make none. A corrected charge is a row of its own, of type `adjust` with the
 * call's model and key and the difference as its spend: rows once shown never change.
 */
export function logRowOf(event: LedgerEvent): StoredRow | undefined {
  const { stream } = event;
  const place = {
    position: event.position.toString(),
    recorded_at: event.recordedAt,
    stream,
    revision: event.revision.toString(),
  };
  switch (event.type) {
    case 'payment-credited.v1':
      return {
        ...NO_CALL,
        ...place,
        account_id: event.data.account_id,
        type: 'topup',
        reference: event.data.payment_id,
        spend: `${-event.data.quota}`,
      };
    case 'payment-refunded.v1':
      return {
        ...NO_CALL,
        ...place,
        account_id: event.data.account_id,
        type: 'refund',
        reference: event.data.refund_id,
        spend: `${event.data.quota}`,
      };
    case 'balance-adjusted.v1':
      return {
        ...NO_CALL,
        ...place,
        account_id: event.data.account_id,
        type: 'adjust',
        reference: event.data.adjustment_id,
        spend: `${-event.data.quota}`,
      };
    case 'consumption-corrected.v1': {
      const { call_id: reference, account_id, model, token_id, difference } = event.data;
      const call = { reference, model, token_id };
      return { ...NO_CALL, ...place, account_id, type: 'adjust', ...call, spend: `${difference}` };
    }
    case 'consumption-recorded.v2':
    case 'call-abandoned.v2': {
      const { call_id: reference, account_id, model, token_id, request_id, usage, quota } = event.data;
      const { prompt_tokens, completion_tokens } = usage;
      const call = { reference, model, token_id, prompt_tokens, completion_tokens, request_id };
      return { ...place, account_id, type: 'consume', ...call, spend: `${quota}` };
    }
    case 'call-failed.v1': {
      const { call_id: reference, account_id, model, token_id, request_id } = event.data;
      const call = { reference, model, token_id, request_id };
      return { ...NO_CALL, ...place, account_id, type: 'error', ...call, spend: '0' };
    }
    default:
      return undefined;
  }
}
