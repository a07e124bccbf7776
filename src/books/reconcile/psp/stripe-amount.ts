import type { Decimal } from '../../../domain/money/decimal.js';

/** What the customer paid, where Stripe says it beside what was settled. */
export interface CustomerFacing {
  readonly customerFacingAmount?: Decimal | null | undefined;
  readonly customerFacingCurrency?: string | null | undefined;
}

interface Money {
  readonly amount: Decimal;
  readonly currency: string;
}

/**
 * The amount that a top-up was: dollars where either side is in dollars, what was settled first; else what the customer paid, since
 * what was settled has Stripe's rate of exchange in it.
 */
export function paidAmount(
  settled: Money,
  { customerFacingAmount, customerFacingCurrency }: CustomerFacing,
): Money {
  if (settled.currency === 'USD' || !customerFacingAmount || !customerFacingCurrency) return settled;
  return { amount: customerFacingAmount, currency: customerFacingCurrency };
}
