import type { EventType } from '../domain/events/catalogue.js';
import type { Told } from './runtime/projection.js';

/** Events that move money. */
export const moneyEvents = [
  'payment-credited',
  'payment-refunded',
  'payment-refund-reversed',
  'payment-taken-back',
  'balance-adjusted',
  'grant-given',
  'grant-expired',
  'grant-withdrawn',
  'consumption-recorded',
  'consumption-corrected',
  'call-abandoned',
] as const satisfies readonly EventType[];

/** What one event does to an account. */
export interface Movement {
  readonly accountId: string;
  readonly kind: 'credit' | 'refund' | 'dispute' | 'adjustment' | 'grant' | 'charge' | 'correction';
  /** Signed quota that the balance changes by. */
  readonly amount: bigint;
  /** Set where a key was used. */
  readonly tokenId: number | undefined;
  /** Signed quota that counts as used, by the account and by the key. */
  readonly used: bigint;
  /** Answered calls: each recorded consumption (a free one too), and an abandoned call that was charged. */
  readonly requests: 0 | 1;
}

/** Undefined for events that move no money. */
export function movementOf(event: Told): Movement | undefined {
  switch (event.type) {
    case 'payment-credited':
      return brought(event.data.account_id, 'credit', event.data.quota);
    case 'payment-refunded':
      return brought(event.data.account_id, 'refund', -event.data.quota);
    case 'payment-refund-reversed':
      return brought(event.data.account_id, 'refund', event.data.quota);
    case 'payment-taken-back':
      return brought(event.data.account_id, event.data.kind, -event.data.quota);
    case 'balance-adjusted':
      return brought(event.data.account_id, 'adjustment', event.data.quota);
    case 'grant-given':
      return brought(event.data.account_id, 'grant', event.data.quota);
    case 'grant-expired':
    case 'grant-withdrawn':
      return brought(event.data.account_id, 'grant', -event.data.quota);
    case 'consumption-recorded':
    case 'call-abandoned': {
      const { account_id, token_id, quota } = event.data;
      const requests = event.type === 'consumption-recorded' || quota > 0n ? 1 : 0;
      return {
        accountId: account_id,
        kind: 'charge',
        amount: -quota,
        tokenId: token_id,
        used: quota,
        requests,
      };
    }
    case 'consumption-corrected': {
      const { account_id, token_id, difference } = event.data;
      const moved = { amount: -difference, used: difference, tokenId: token_id };
      return { accountId: account_id, kind: 'correction', ...moved, requests: 0 };
    }
    default:
      return undefined;
  }
}

const brought = (accountId: string, kind: Movement['kind'], amount: bigint): Movement => ({
  accountId,
  kind,
  amount,
  tokenId: undefined,
  used: 0n,
  requests: 0,
});
