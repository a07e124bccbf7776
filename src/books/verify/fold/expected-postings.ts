import type { LedgerEvent } from '../../../projections/runtime/projection.js';

/** The postings that an event must have made: journal account -> quota, debits positive. Undefined when it moves nothing. */
export function expectedPostings(event: LedgerEvent): string | undefined {
  switch (event.type) {
    case 'payment-credited':
      return postings('asset:payments', event.data.quota, event.data.account_id);
    case 'payment-refunded':
      return postings('asset:payments', 0n - event.data.quota, event.data.account_id);
    case 'balance-adjusted':
      return postings('equity:adjustments', event.data.quota, event.data.account_id);
    case 'consumption-recorded':
    case 'call-abandoned':
      return postings('revenue:usage', 0n - event.data.quota, event.data.account_id);
    case 'consumption-corrected':
      return postings('revenue:usage', event.data.quota_before - event.data.quota, event.data.account_id);
    default:
      return undefined;
  }
}

/** In the order of the journal accounts' names: asset, equity, liability, revenue. */
function postings(account: string, debit: bigint, accountId: string): string | undefined {
  if (debit === 0n) return undefined;
  return [`${account} ${debit}`, `liability:account:${accountId} ${0n - debit}`].sort().join('; ');
}
