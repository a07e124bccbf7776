import { amountText } from '../../../domain/money/currency.js';
import { decimal } from '../../../domain/money/decimal.js';
import { usdOfQuota } from '../../../domain/money/quota.js';
import { type Queryable, schemaOf } from '../../../projections/runtime/projection.js';
import { type CashKind, isCash } from './cash-records.js';
import type { LedgerMovement } from './ledger-movements.js';
import type { ProviderRow } from './read-provider-file.js';

interface Row {
  readonly kind: CashKind;
  readonly reference: string;
  readonly currency: string;
  readonly amount_minor: bigint;
  readonly quota: bigint;
  readonly at: Date;
}

/** Fees and payouts of a provider as they were booked: those of the period, and those that its file names. */
export async function readCash(
  db: Queryable,
  provider: string,
  { from, to }: { readonly from: Date; readonly to: Date },
  rows: readonly ProviderRow[],
): Promise<readonly LedgerMovement[]> {
  const named = rows.filter((row) => isCash(row)).flatMap(({ paymentIds }) => paymentIds);
  const found = await db.query<Row>(
    `SELECT kind, reference, currency, amount_minor, quota, at FROM ${schemaOf('cash')}.cash_movements
     WHERE provider_id = $1 AND ((at >= $2 AND at < $3) OR reference = ANY ($4)) ORDER BY at, kind, reference`,
    [provider, from, to, named],
  );
  return found.rows.map(({ kind, reference, currency, amount_minor, quota, at }) => ({
    ...{ kind, paymentId: reference, refundId: null, externalUserId: '', at },
    amountUsd: decimal(usdOfQuota(quota)),
    own: { currency, amount: decimal(amountText(amount_minor, currency)) },
  }));
}
