import { formatDecimal } from '../../../domain/money/decimal.js';
import type { PricedRow } from './finding.js';
import type { LedgerMovement } from './ledger-movements.js';

type ById = Map<string, LedgerMovement[]>;

/** The ledger's refunds, found by payment, id or amount at once: a payment may have many thousands. */
export class BookedRefunds {
  private readonly byPayment: ById = new Map();
  private readonly byId: ById = new Map();
  private readonly byIds = new Map<string, LedgerMovement>();
  private readonly byAmount: ById = new Map();
  /** How many of them have their row already. */
  private readonly passed = new Map<string, number>();

  add(movement: LedgerMovement): void {
    const { paymentId, refundId, providerRefund, amountUsd, own } = movement;
    push(this.byPayment, paymentId, movement);
    const amount = own ? [own.currency, formatDecimal(own.amount)] : [formatDecimal(amountUsd)];
    push(this.byAmount, keyOf(paymentId, ...amount), movement);
    for (const id of [refundId, providerRefund]) {
      if (id === null || id === undefined) continue;
      push(this.byId, id, movement);
      this.byIds.set(keyOf(paymentId, id), movement);
    }
  }

  all(): Iterable<readonly LedgerMovement[]> {
    return this.byPayment.values();
  }

  of(payments: readonly string[]): readonly LedgerMovement[] {
    return payments.flatMap((id) => this.byPayment.get(id) ?? []);
  }

  /** @param payments empty where the file names none */
  named(payments: readonly string[], refundIds: readonly string[]): LedgerMovement | undefined {
    if (payments.length === 0) return refundIds.flatMap((id) => this.byId.get(id) ?? [])[0];
    for (const payment of payments)
      for (const id of refundIds) {
        const found = this.byIds.get(keyOf(payment, id));
        if (found) return found;
      }
    return undefined;
  }

  /** Exactly the amount, in the order's own currency or in dollars. One that is not open is never looked at again. */
  ofAmount(
    payments: readonly string[],
    { usd, currency, amount }: PricedRow,
    isOpen: (movement: LedgerMovement) => boolean,
  ): LedgerMovement | undefined {
    for (const payment of payments)
      for (const said of [[currency, formatDecimal(amount)], [formatDecimal(usd)]]) {
        const key = keyOf(payment, ...said);
        const same = this.byAmount.get(key) ?? [];
        let at = this.passed.get(key) ?? 0;
        while (at < same.length && !isOpen(same[at] as LedgerMovement)) at += 1;
        this.passed.set(key, at);
        if (same[at]) return same[at];
      }
    return undefined;
  }
}

export function push(byId: ById, id: string, movement: LedgerMovement): void {
  const list = byId.get(id);
  if (list) list.push(movement);
  else byId.set(id, [movement]);
}

const keyOf = (...parts: readonly string[]): string => parts.join('\n');
