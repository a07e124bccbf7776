import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

/** Charges in doubt by their call, and how each was settled, as the table must show them. */
export class Doubts {
  readonly rows = new Map<string, Fields>();

  apply(event: LedgerEvent): void {
    if (event.type === 'consumption-recorded') {
      // Nearly none is in doubt: what would be noted is not made of the others.
      if (event.data.doubt) this.note(event, { ...event.data.usage, ...event.data });
    } else if (event.type === 'consumption-corrected' && event.data.doubt) this.note(event, event.data.doubt);
    else if (event.type === 'balance-adjusted') this.settle(event, event.data.quota);
    else if (event.type === 'doubt-accepted') this.settle(event, 0n);
  }

  private note(
    { data, position, recordedAt }: Extract<LedgerEvent, { type: `consumption-${string}` }>,
    call: { readonly request_id: string; readonly prompt_tokens: number; readonly completion_tokens: number },
  ): void {
    if (data.doubt === undefined) return;
    this.rows.set(data.call_id, {
      account_id: data.account_id,
      request_id: storableText(call.request_id),
      token_id: data.token_id,
      model: storableText(data.model),
      prompt_tokens: call.prompt_tokens,
      completion_tokens: call.completion_tokens,
      quota: data.quota,
      reason: storableText(data.doubt.reason),
      reported: storableText(data.doubt.reported),
      position,
      recorded_at: recordedAt.toISOString(),
      adjusted: null,
      settled_by: null,
      settled_because: null,
      settled_at: null,
    });
  }

  private settle(
    { data, recordedAt }: Extract<LedgerEvent, { type: 'balance-adjusted' | 'doubt-accepted' }>,
    adjusted: bigint,
  ): void {
    const [kind, callId = ''] = data.adjustment_id.split(/:(.*)/s);
    const doubt = this.rows.get(callId);
    if (kind !== 'doubt' || doubt?.['account_id'] !== data.account_id) return;
    this.rows.set(callId, {
      ...doubt,
      adjusted,
      settled_by: storableText(data.by),
      settled_because: storableText(data.reason),
      settled_at: recordedAt.toISOString(),
    });
  }
}
