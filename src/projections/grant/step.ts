import { ORDINARY_PRIORITY } from '../../domain/grant/events.js';
import { ALL } from '../../domain/grant/state.js';
import { movementOf } from '../movement.js';
import type { LedgerEvent, LedgerEventOf } from '../runtime/projection.js';
import { added, closed, ended, type Lot, type Lots, type Moved, returned, taken } from './lots.js';

/** The lot that an event is about besides those that are open. */
export function lotNamedBy(event: LedgerEvent): Pick<Lot, 'origin' | 'reference'> | undefined {
  switch (event.type) {
    case 'payment-refunded':
    case 'payment-refund-reversed':
    case 'payment-taken-back':
      return { origin: 'purchased', reference: event.data.payment_id };
    case 'grant-closed':
    case 'grant-expired':
    case 'grant-withdrawn':
      return { origin: 'granted', reference: event.data.grant_id };
    default:
      return undefined;
  }
}

/** What an event does to the lots of its account, of which all are there that it can burn, and the one that it names. */
export function stepOf(event: LedgerEvent, before: Lots): Moved {
  const named = lotNamedBy(event);
  const lot =
    named &&
    before.lots.find(({ origin, reference }) => origin === named.origin && reference === named.reference);
  switch (event.type) {
    case 'grant-given':
      return added(before, grantedLot(event));
    case 'payment-credited':
      return added(before, lotOf(event, 'purchased', event.data.payment_id, event.data.quota));
    case 'grant-closed':
      return lot ? closed(before, lot) : { ...before, burned: [] };
    case 'grant-expired':
      return lot ? ended(before, event.data.quota, lot) : taken(before, event.data.quota);
    case 'grant-withdrawn':
      return lot && event.data.withdrawal_id === ALL
        ? ended(before, event.data.quota, lot)
        : taken(before, event.data.quota, lot && [lot]);
    default:
      return moved(event, before, lot);
  }
}

/** Charges, corrections, and what goes back of a payment: that of its own lot first, and then of what else was paid for. */
function moved(event: LedgerEvent, before: Lots, lot: Lot | undefined): Moved {
  const amount = movementOf(event)?.amount ?? 0n;
  if (lot && amount > 0n) return returned(before, amount, lot);
  if (amount > 0n) return added(before, lotOf(event as Moving, 'corrected', referenceOf(event), amount));
  const paid = before.lots.filter((each) => each.origin === 'purchased' && !each.isClosed);
  return taken(before, -amount, lotNamedBy(event) ? [...(lot ? [lot] : []), ...paid] : []);
}

type Moving = LedgerEvent & { readonly data: { readonly account_id: string } };

const referenceOf = ({ data }: LedgerEvent): string =>
  'adjustment_id' in data ? data.adjustment_id : 'call_id' in data ? data.call_id : '';

const lotOf = (
  { position, data: { account_id: accountId } }: Moving,
  origin: Lot['origin'],
  reference: string,
  quota: bigint,
) => ({ position, accountId, origin, reference, priority: ORDINARY_PRIORITY, endsAt: null, quota });

function grantedLot(event: LedgerEventOf<'grant-given'>): Omit<Lot, 'remaining' | 'isClosed'> {
  const { grant_id, quota, priority, ends_at } = event.data;
  const endsAt = ends_at === undefined ? null : new Date(ends_at);
  return { ...lotOf(event, 'granted', grant_id, quota), priority, endsAt };
}
