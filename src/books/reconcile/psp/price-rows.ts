import {
  type Decimal,
  multiply,
  roundedQuotient,
  roundHalfAwayFromZero,
} from '../../../domain/money/decimal.js';
import { eachInTurns, mapInTurns } from '../../../support/turns.js';
import { WrongFile } from '../tabular/tabular-file.js';
import type { PricedRow } from './finding.js';
import type { LedgerMovement } from './ledger-movements.js';
import type { ProviderRow } from './read-provider-file.js';

/** USD for one unit of a currency. */
export type Rates = ReadonlyMap<string, Decimal>;

const HUNDRED: Decimal = { unscaled: 100n, scale: 0 };

/**
 * Rows with what they are in dollars: exact for USD; of an order, by its own rate; else by the rate that was given, to the cent (half away from
 * zero), or by that of the newest order in the currency.
 * @throws WrongFile for a currency of which nobody knows a rate
 */
export async function priceRows(
  path: string,
  rows: readonly ProviderRow[],
  rates: Rates,
  movements: readonly LedgerMovement[],
): Promise<readonly PricedRow[]> {
  const orders = await ordersOf(movements);
  return mapInTurns(rows, (row) => {
    if (row.currency === 'USD') return { ...row, usd: row.amount };
    const order = row.paymentIds.flatMap((id) => orders.byId.get(id) ?? [])[0];
    const rate = rates.get(row.currency);
    if (order?.own?.currency === row.currency) return { ...row, usd: byOrder(row.amount, order) };
    if (rate) {
      const cents = roundHalfAwayFromZero(multiply(multiply(row.amount, rate), HUNDRED));
      return { ...row, usd: { unscaled: cents, scale: 2 } };
    }
    const newest = orders.newest.get(row.currency);
    if (newest) return { ...row, usd: byOrder(row.amount, newest) };
    throw new WrongFile(
      path,
      row.line,
      `the amount is in ${row.currency}: give --rate ${row.currency}=<USD for one ${row.currency}>`,
    );
  });
}

type Order = LedgerMovement & { readonly own: NonNullable<LedgerMovement['own']> };

async function ordersOf(movements: readonly LedgerMovement[]) {
  const [byId, newest] = [new Map<string, Order>(), new Map<string, Order>()];
  await eachInTurns(movements, (movement) => {
    if (movement.kind !== 'payment' || !movement.own || movement.own.amount.unscaled === 0n) return;
    const order = { ...movement, own: movement.own };
    byId.set(order.paymentId, order);
    if (order.providerPayment !== undefined) byId.set(order.providerPayment, order);
    const before = newest.get(order.own.currency);
    if (!before || before.at <= order.at) newest.set(order.own.currency, order);
  });
  return { byId, newest };
}

const PLACES = 6;

/** As much of what was credited as of what was paid. */
function byOrder(amount: Decimal, { own: { amount: paid }, amountUsd: credited }: Order): Decimal {
  const dividend = amount.unscaled * credited.unscaled * 10n ** BigInt(paid.scale + PLACES);
  const divisor = paid.unscaled * 10n ** BigInt(amount.scale + credited.scale);
  return { unscaled: roundedQuotient(dividend, divisor), scale: PLACES };
}
