import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

/** Refunds at providers as the table must show them. */
export class SentRefunds {
  readonly rows = new Map<string, Fields>();

  apply(event: LedgerEvent): void {
    const at = event.recordedAt.toISOString();
    switch (event.type) {
      case 'refund-requested':
        this.rows.set(event.data.refund_id, {
          order_id: storableText(event.data.order_id),
          account_id: event.data.account_id,
          provider_id: storableText(event.data.provider_id),
          provider_revision: event.data.provider_revision,
          provider_payment: storableText(event.data.provider_payment),
          currency: event.data.currency,
          amount_minor: event.data.amount_minor,
          reason: storableText(event.data.reason),
          requested_by: storableText(event.data.by),
          position: event.position,
          requested_at: at,
          status: 'requested',
          ...{ sent_at: null, ended_at: null, provider_refund: null, why: null },
        });
        return;
      case 'refund-sent':
        return this.change(event.data.refund_id, { status: 'sent', sent_at: at });
      case 'refund-succeeded': {
        const { refund_id, provider_refund } = event.data;
        const named = provider_refund === null ? null : storableText(provider_refund);
        return this.change(refund_id, { status: 'succeeded', ended_at: at, provider_refund: named });
      }
      case 'refund-failed': {
        const { refund_id, why } = event.data;
        return this.change(refund_id, { status: 'failed', ended_at: at, why: storableText(why) });
      }
      default:
    }
  }

  private change(refundId: string, fields: Fields): void {
    const refund = this.rows.get(refundId);
    if (refund) this.rows.set(refundId, { ...refund, ...fields });
  }
}
