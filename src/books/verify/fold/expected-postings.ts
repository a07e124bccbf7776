import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import { storableText } from '../../../projections/runtime/rows.js';
import type { Fields } from '../check.js';

/**
 * The entry of the journal that an event must have made: whose it is, what it is about, and its legs, journal account and quota, debits
 * positive. Undefined when it moves nothing.
 */
export function expectedPostings(event: LedgerEvent): Fields | undefined {
  switch (event.type) {
    case 'payment-credited':
      return entry('asset:payments', event.data.quota, event.data.account_id, event.data.payment_id);
    case 'payment-refunded':
      return entry('asset:payments', 0n - event.data.quota, event.data.account_id, event.data.refund_id);
    case 'payment-refund-reversed':
      return entry('asset:payments', event.data.quota, event.data.account_id, event.data.refund_id);
    case 'payment-taken-back': {
      const { kind, quota, account_id, payment_id } = event.data;
      const counter = kind === 'dispute' ? 'asset:disputes' : 'asset:payments';
      return entry(counter, 0n - quota, account_id, payment_id);
    }
    case 'balance-adjusted':
      return entry('equity:adjustments', event.data.quota, event.data.account_id, event.data.adjustment_id);
    case 'grant-given': {
      const { kind, quota, account_id, grant_id } = event.data;
      return entry(
        kind === 'plan' ? 'liability:deferred' : 'expense:promotions',
        quota,
        account_id,
        grant_id,
      );
    }
    case 'grant-expired': {
      const { kind, quota, account_id, grant_id } = event.data;
      const counter = kind === 'plan' ? 'revenue:breakage' : 'expense:promotions';
      return entry(counter, 0n - quota, account_id, grant_id);
    }
    case 'grant-withdrawn': {
      const { kind, quota, account_id, grant_id } = event.data;
      const counter = kind === 'plan' ? 'liability:deferred' : 'expense:promotions';
      return entry(counter, 0n - quota, account_id, grant_id);
    }
    case 'consumption-recorded':
    case 'call-abandoned':
      return entry('revenue:usage', 0n - event.data.quota, event.data.account_id, event.data.call_id);
    case 'consumption-corrected': {
      const { quota_before, quota, account_id, call_id } = event.data;
      return entry('revenue:usage', quota_before - quota, account_id, call_id);
    }
    default:
      return undefined;
  }
}

function entry(account: string, debit: bigint, accountId: string, reference: string): Fields | undefined {
  if (debit === 0n) return undefined;
  const postings = `0 ${account} ${debit}; 1 liability:account:${accountId} ${0n - debit}`;
  return { account_id: accountId, reference: storableText(reference), postings, sum: 0 };
}
