import { type Movement, moneyEvents, movementOf } from '../movement.js';
import { isOneOf, type LedgerEvent } from '../runtime/projection.js';

/** Begins the name of an account of the journal that is a user's. What users have is what the ledger owes them. */
export const LIABILITY = 'liability:account:';

const counterAccounts: Readonly<Record<Exclude<Movement['kind'], 'grant'>, string>> = {
  credit: 'asset:payments',
  refund: 'asset:payments',
  // What banks took back while it is disputed, and what was lost so.
  dispute: 'asset:disputes',
  adjustment: 'equity:adjustments',
  charge: 'revenue:usage',
  correction: 'revenue:usage',
};

interface Entry {
  /** Whose liability is the other posting. */
  readonly accountId: string;
  readonly reference: string;
  readonly counterAccount: string;
  /** Of the counter account, in quota: debits positive, credits negative. The liability has it with the other sign. */
  readonly amount: bigint;
}

/** The entry of an event that moves money; undefined when it moves none (a free call too). */
export function entryOf(event: LedgerEvent): Entry | undefined {
  const movement = movementOf(event);
  if (!movement || movement.amount === 0n) return undefined;
  const { accountId, kind, amount } = movement;
  const counterAccount = kind === 'grant' ? grantAccount(event) : counterAccounts[kind];
  return { accountId, reference: referenceOf(event), counterAccount, amount };
}

/** A gift is an expense until it lapses. A period of a plan was paid for: what of it is not used is earned when it ends. */
function grantAccount(event: LedgerEvent): string {
  if (!isOneOf(event, 'grant-given', 'grant-expired', 'grant-withdrawn') || event.data.kind !== 'plan')
    return 'expense:promotions';
  return event.type === 'grant-expired' ? 'revenue:breakage' : 'liability:deferred';
}

function referenceOf(event: LedgerEvent): string {
  if (!isOneOf(event, ...moneyEvents)) return '';
  if (event.type === 'payment-refunded' || event.type === 'payment-refund-reversed')
    return event.data.refund_id;
  if (event.type === 'payment-credited' || event.type === 'payment-taken-back') return event.data.payment_id;
  if (event.type === 'balance-adjusted') return event.data.adjustment_id;
  if ('grant_id' in event.data) return event.data.grant_id;
  return event.data.call_id;
}
