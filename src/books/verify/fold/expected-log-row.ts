import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

/** The row of a user's history that an event must have made. */
export function expectedLogRow(event: LedgerEvent): Fields | undefined {
  switch (event.type) {
    case 'payment-credited':
      return row(event, 'topup', event.data.payment_id, 0n - event.data.quota);
    case 'payment-refunded':
      return row(event, 'refund', event.data.refund_id, event.data.quota);
    case 'payment-refund-reversed':
      return row(event, 'refund', event.data.refund_id, 0n - event.data.quota);
    case 'payment-taken-back':
      return row(event, 'refund', event.data.payment_id, event.data.quota);
    case 'balance-adjusted':
      return row(event, 'adjust', event.data.adjustment_id, 0n - event.data.quota);
    case 'grant-given':
      return row(event, 'grant', event.data.grant_id, 0n - event.data.quota);
    case 'grant-expired':
    case 'grant-withdrawn':
      return row(event, 'grant', event.data.grant_id, event.data.quota);
    case 'consumption-corrected':
      return {
        ...row(event, 'adjust', event.data.call_id, event.data.quota - event.data.quota_before),
        model: storableText(event.data.model),
        token_id: event.data.token_id,
      };
    case 'consumption-recorded':
    case 'call-abandoned':
      return {
        ...row(event, 'consume', event.data.call_id, event.data.quota),
        ...callOf(event),
        group_name: storableText(event.data.group),
        code: event.type === 'call-abandoned' ? 'call_abandoned' : null,
        prompt_tokens: event.data.usage.prompt_tokens,
        completion_tokens: event.data.usage.completion_tokens,
      };
    case 'call-failed':
      return {
        ...row(event, 'error', event.data.call_id, 0n),
        ...callOf(event),
        code: storableText(event.data.code),
      };
    default:
      return undefined;
  }
}

const row = (
  event: LedgerEvent & { data: { account_id: string } },
  type: string,
  reference: string,
  spend: bigint,
): Fields => ({
  recorded_at: event.recordedAt.toISOString(),
  account_id: event.data.account_id,
  type,
  model: '',
  token_id: null,
  prompt_tokens: 0,
  completion_tokens: 0,
  spend,
  request_id: null,
  reference: storableText(reference),
  stream: event.stream,
  revision: event.revision,
  channel_id: '',
  group_name: '',
  duration_ms: null,
  code: null,
});

interface CallData {
  readonly model: string;
  readonly token_id: number;
  readonly request_id: string;
  readonly channel_id: string | null;
  readonly duration_ms?: number;
}

const callOf = ({ data }: { readonly data: CallData }): Fields => ({
  model: storableText(data.model),
  token_id: data.token_id,
  request_id: storableText(data.request_id),
  channel_id: storableText(data.channel_id ?? ''),
  duration_ms: data.duration_ms ?? null,
});
