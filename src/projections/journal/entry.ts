import { type Movement, moneyEvents, movementOf } from '../movement.js';
import { isOneOf, type LedgerEvent } from '../runtime/projection.js';

/** Names of the journal's accounts. What users have is what the ledger owes them. */
export const accountLiability = (accountId: string): string => `liability:account:${accountId}`;

const counterAccounts: Readonly<Record<Movement['kind'], string>> = {
  credit: 'asset:payments',
  refund: 'asset:payments',
  adjustment: 'equity:adjustments',
  charge: 'revenue:usage',
  correction: 'revenue:usage',
};

interface Posting {
  readonly account: string;
  /** Debits positive, credits negative, in quota. */
  readonly amount: bigint;
}

export interface Entry {
  readonly event: LedgerEvent;
  readonly accountId: string;
  readonly reference: string;
  readonly postings: readonly Posting[];
}

/** The entry of an event that moves money; undefined when it moves none (a free call too). */
export function entryOf(event: LedgerEvent): Entry | undefined {
  const movement = movementOf(event);
  if (!movement || movement.amount === 0n) return undefined;
  const { accountId, kind, amount } = movement;
  return {
    event,
    accountId,
    reference: referenceOf(event),
    postings: [
      { account: counterAccounts[kind], amount },
      { account: accountLiability(accountId), amount: -amount },
    ],
  };
}

function referenceOf(event: LedgerEvent): string {
  if (!isOneOf(event, ...moneyEvents)) return '';
  if (event.type === 'payment-refunded') return event.data.refund_id;
  if (event.type === 'payment-credited') return event.data.payment_id;
  if (event.type === 'balance-adjusted') return event.data.adjustment_id;
  return event.data.call_id;
}
