import type { Decimal } from '../../../domain/money/decimal.js';
import type { LedgerMovement } from './ledger-movements.js';
import type { ProviderRow } from './read-provider-file.js';

/** In the order in which a report shows them. */
export const findingClasses = [
  'not-known',
  'amount-differs',
  'missing-here',
  'missing-there',
  'duplicate',
  'pending',
  'timing',
  'matched',
] as const;
export type FindingClass = (typeof findingClasses)[number];

/** A row of the provider's file, with its amount in dollars. */
export interface PricedRow extends ProviderRow {
  readonly usd: Decimal;
}

/** What became of one movement: on both sides, or on one (a duplicate too: what it repeats is a finding of its own). */
export interface Finding {
  readonly class: FindingClass;
  readonly kind: ProviderRow['kind'];
  readonly provider: PricedRow | undefined;
  /** Several where the provider's file has only the sum of a payment's refunds. */
  readonly ledger: readonly LedgerMovement[];
  readonly note: string;
}
