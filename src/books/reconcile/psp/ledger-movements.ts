import { placesOf } from '../../../domain/money/currency.js';
import { type Decimal, decimal, roundedQuotient } from '../../../domain/money/decimal.js';
import { usdOfQuota } from '../../../domain/money/quota.js';
import { quotaOfMinor } from '../../../domain/order/price.js';
import { eachInTurns } from '../../../support/turns.js';
import type { CashKind } from './cash-records.js';
import { type Queryable, schemaOf } from '../../../projections/runtime/projection.js';

/** A payment or a refund as the ledger has booked it. */
export interface LedgerMovement {
  /** `reversal`: what was taken back came again. */
  readonly kind: 'payment' | 'refund' | 'reversal' | CashKind;
  /** Of a fee or a payout: what its provider calls it. */
  readonly paymentId: string;
  /** Of a refund. */
  readonly refundId: string | null;
  readonly amountUsd: Decimal;
  readonly at: Date;
  readonly externalUserId: string;
  /** Of an order: what it is in the currency that was paid in. */
  readonly own?: OwnAmount | undefined;
  /** Of an order: what the provider calls the payment. */
  readonly providerPayment?: string | undefined;
  /** Of a refund that its provider was asked for: what the provider calls it. */
  readonly providerRefund?: string | undefined;
}

export interface OwnAmount {
  readonly currency: string;
  readonly amount: Decimal;
}

const PAGE = 5_000;

interface Row {
  readonly kind: 'payment' | 'refund';
  readonly payment_id: string;
  readonly refund_id: string | null;
  /** Null of a plan. */
  readonly amount_usd: string | null;
  readonly recorded_at: Date;
  readonly external_user_id: string;
  readonly payment_usd: string | null;
  readonly currency: string | null;
  readonly rate: string | null;
  readonly paid_minor: bigint | null;
  readonly sent_minor: bigint | null;
  readonly provider_payment: string | null;
  readonly provider_refund: string | null;
}

/** Orders of plans have no payment here: what was paid for their periods is what their providers say, and no quota. */
const MOVEMENTS = `
  SELECT 'payment' AS kind, p.payment_id, NULL AS refund_id, p.amount_usd, p.recorded_at, p.account_id, p.amount_usd AS payment_usd
  FROM ${schemaOf('payments')}.payments p
  UNION ALL
  SELECT 'refund', r.payment_id, r.refund_id, r.amount_usd, r.recorded_at, p.account_id, p.amount_usd
  FROM ${schemaOf('payments')}.refunds r JOIN ${schemaOf('payments')}.payments p USING (payment_id)
  UNION ALL
  SELECT 'payment', o.order_id, NULL, NULL, o.credited_at, o.account_id, NULL
  FROM ${schemaOf('orders')}.orders o WHERE o.purpose = 'plan' AND o.credited_at IS NOT NULL
  UNION ALL
  SELECT 'refund', s.order_id, s.refund_id, NULL, s.ended_at, s.account_id, NULL
  FROM ${schemaOf('sent-refunds')}.sent_refunds s JOIN ${schemaOf('orders')}.orders o USING (order_id)
  WHERE o.purpose = 'plan' AND s.status = 'succeeded'`;

const select = (where: string) =>
  `SELECT m.kind, m.payment_id, m.refund_id, m.amount_usd, m.recorded_at, a.external_user_id, m.payment_usd,
          o.currency, o.rate, o.paid_minor, o.provider_payment, s.amount_minor AS sent_minor, s.provider_refund
   FROM (${MOVEMENTS}) m
     LEFT JOIN ${schemaOf('accounts')}.accounts a USING (account_id)
     LEFT JOIN ${schemaOf('orders')}.orders o ON o.order_id = m.payment_id
     LEFT JOIN ${schemaOf('sent-refunds')}.sent_refunds s ON s.refund_id = m.refund_id AND s.order_id = m.payment_id
   WHERE ${where}
   ORDER BY m.payment_id COLLATE "C", m.kind, m.refund_id COLLATE "C"`;

/** Providers that do not name our number of an order name their own of its payment. */
const OF_PAYMENTS = `m.payment_id = ANY($1) OR m.payment_id IN
  (SELECT order_id FROM ${schemaOf('orders')}.orders WHERE provider_payment = ANY($1))`;

/** Ids by which movements are asked for wherever they lie in time. */
export interface MovementIds {
  readonly payments: Iterable<string>;
  /** Of refunds whose payment the provider does not name. */
  readonly refunds: Iterable<string>;
}

/**
 * What was booked in the period, and whatever was booked at any time under the given ids, each once.
 * @param prefixes when not empty, only payments whose ids begin with one of them: of the provider whose file it is
 */
export async function readMovements(
  db: Queryable,
  period: { readonly from: Date; readonly to: Date },
  ids: MovementIds,
  prefixes: readonly string[],
): Promise<readonly LedgerMovement[]> {
  const found = new Map<string, LedgerMovement>();
  const keep = (rows: readonly Row[]) =>
    eachInTurns(rows, (row) => found.set(JSON.stringify([row.payment_id, row.refund_id]), movementOf(row)));
  const within = await db.query<Row>(
    select(`m.recorded_at >= $1 AND m.recorded_at < $2 AND ($3::text[] = '{}' OR m.payment_id ^@ ANY($3))`),
    [period.from, period.to, [...prefixes]],
  );
  await keep(within.rows);
  for (const page of pagesOf(ids.payments))
    await keep((await db.query<Row>(select(OF_PAYMENTS), [page])).rows);
  for (const page of pagesOf(ids.refunds))
    await keep((await db.query<Row>(select('m.refund_id = ANY($1)'), [page])).rows);
  return [...found.values()];
}

function* pagesOf(ids: Iterable<string>): Generator<readonly string[]> {
  let page: string[] = [];
  for (const id of ids) {
    page.push(id);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

const movementOf = (row: Row): LedgerMovement => ({
  kind: row.amount_usd?.startsWith('-') ? 'reversal' : row.kind,
  paymentId: row.payment_id,
  refundId: row.refund_id,
  amountUsd: decimal((row.amount_usd ?? usdOfPlan(row)).replace('-', '')),
  at: row.recorded_at,
  externalUserId: row.external_user_id,
  own: ownOf(row),
  providerPayment: row.provider_payment ?? undefined,
  providerRefund: row.provider_refund ?? undefined,
});

/** What was paid for a period, or went back of it, by the rate that its order has written down. */
function usdOfPlan({ kind, currency, rate, paid_minor, sent_minor }: Row): string {
  const minor = kind === 'payment' ? paid_minor : sent_minor;
  return minor === null || currency === null || rate === null
    ? '0'
    : usdOfQuota(quotaOfMinor(minor, currency, rate));
}

/** What the provider was asked for is known; of what it gave back by itself, the share that was booked says it. */
function ownOf(row: Row): OwnAmount | undefined {
  const { currency, paid_minor: paid, sent_minor: sent, payment_usd, amount_usd } = row;
  if (currency === null || paid === null) return undefined;
  const inOwn = (unscaled: bigint) => ({ currency, amount: { unscaled, scale: placesOf(currency) } });
  if (row.kind === 'payment') return inOwn(paid);
  if (sent !== null) return inOwn(sent);
  if (payment_usd === null || amount_usd === null) return undefined;
  const [whole, part] = [decimal(payment_usd), decimal(amount_usd.replace('-', ''))];
  const scale = (value: Decimal, other: Decimal) => value.unscaled * 10n ** BigInt(other.scale);
  return inOwn(roundedQuotient(paid * scale(part, whole), scale(whole, part)));
}
