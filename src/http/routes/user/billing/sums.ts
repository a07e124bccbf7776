import { z } from 'zod';
import { Comparison } from '../../../../books/audit/faults.js';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { BillingPeriod, BillingView } from '../../../../projections/statistics/billing/sums.js';
import { unready } from '../../../usage/schema.js';

const money = z.object({ quota: z.int(), usd: z.string().meta({ description: 'exact decimal text' }) });

/** `opening + credited + granted - spent - refunded + adjusted = closing`. */
export const sums = {
  opening: money,
  credited: money,
  granted: money.meta({ description: 'what was given, less what of it ended or was taken back' }),
  spent: money.meta({ description: 'what calls cost, corrections included' }),
  refunded: money,
  adjusted: money.meta({ description: 'signed' }),
  closing: money,
  calls: z.int(),
};

const of = (quota: bigint) => ({ quota, usd: usdOfQuota(quota) });

export const presentSums = (period: Omit<BillingPeriod, 'name'>) => ({
  opening: of(period.opening),
  credited: of(period.topup),
  granted: of(period.grant),
  spent: of(-period.consumption),
  refunded: of(-period.refund),
  adjusted: of(period.adjustment),
  closing: of(period.closing),
  calls: period.calls,
});

export const nothingMoved = (balance: bigint): Omit<BillingPeriod, 'name'> => ({
  opening: balance,
  topup: 0n,
  consumption: 0n,
  refund: 0n,
  adjustment: 0n,
  grant: 0n,
  closing: balance,
  calls: 0,
});

/**
 * The sums, when what all movements come to is what the account has by the table of balances.
 *
 * Throws 503 `not_ready` where there are none yet, and BooksDisagree.
 */
export function agreed(view: BillingView | undefined): BillingView {
  if (!view) throw unready();
  const comparison = new Comparison();
  comparison.same('the balance, by all movements', view.balance, view.moved);
  comparison.settle();
  return view;
}

export const exampleSums = {
  opening: { quota: 0, usd: '0' },
  credited: { quota: 34245000, usd: '68.49' },
  granted: { quota: 0, usd: '0' },
  spent: { quota: 375000, usd: '0.75' },
  refunded: { quota: 0, usd: '0' },
  adjusted: { quota: 0, usd: '0' },
  closing: { quota: 33870000, usd: '67.74' },
  calls: 120,
};
