import { basename } from 'node:path';
import type { Decimal } from '../../../domain/money/decimal.js';
import type { Queryable } from '../../../projections/runtime/projection.js';
import { eachInTurns } from '../../../support/turns.js';
import type { Report } from '../reconciliation-report.js';
import type { ProviderFormat } from './formats.js';
import { isCash } from './cash-records.js';
import { readCash } from './booked-cash.js';
import { readMovements } from './ledger-movements.js';
import { match } from './match.js';
import { priceRows, type Rates } from './price-rows.js';
import { readProviderFile } from './read-provider-file.js';
import { reportOf } from './report.js';

export interface ProviderReconciliation {
  readonly path: string;
  readonly format: ProviderFormat;
  /** Of the file's times that carry none. */
  readonly timezone: string;
  readonly period: { readonly from: Date; readonly to: Date };
  readonly idColumn: string | undefined;
  /** Beginnings of the payment ids that this provider's payments have here; empty: all payments are this provider's. */
  readonly prefixes: readonly string[];
  readonly rates: Rates;
  readonly tolerance: Decimal;
  /** Whose fees and payouts are compared as well, as they were booked under this name; undefined: none are. */
  readonly provider?: string | undefined;
}

/** Lays a payment provider's file beside the ledger's payments and refunds. @throws WrongFile */
export async function reconcileProvider(db: Queryable, request: ProviderReconciliation): Promise<Report> {
  const { path, period, prefixes, rates, tolerance, provider } = request;
  const file = await readProviderFile(path, { ...request, withCash: provider !== undefined });
  const ids = { payments: new Set<string>(), refunds: new Set<string>() };
  await eachInTurns(file.rows, (row) => {
    const { kind, paymentIds, refundIds } = row;
    if (isCash(row)) return;
    for (const id of paymentIds) ids.payments.add(id);
    if (kind !== 'unknown' && paymentIds.length === 0) for (const id of refundIds) ids.refunds.add(id);
  });
  const movements = [
    ...(await readMovements(db, period, ids, prefixes)),
    ...(provider === undefined ? [] : await readCash(db, provider, period, file.rows)),
  ];
  const rows = await priceRows(path, file.rows, rates, movements);
  const findings = await match(rows, movements, { ...period, tolerance });
  return reportOf(findings, {
    file: basename(path),
    sha256: file.sha256,
    layout: file.title,
    timezone: request.timezone,
    from: period.from.toISOString(),
    before: period.to.toISOString(),
    movements: rows.length,
    rows_passed_over: file.passedOver,
  });
}
