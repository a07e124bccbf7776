import { add, compare, type Decimal, negate, ZERO } from '../../../domain/money/decimal.js';
import { eachInTurns } from '../../../support/turns.js';
import type { Finding, FindingClass, PricedRow } from './finding.js';
import { BookedRefunds, push } from './booked-refunds.js';
import { isCash } from './cash-records.js';
import type { LedgerMovement } from './ledger-movements.js';
import { magnitudeOf } from './provider-record.js';

export interface MatchOptions {
  readonly from: Date;
  readonly to: Date;
  /** Dollars by which amounts that were converted to dollars may differ. */
  readonly tolerance: Decimal;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Lays the provider's rows beside the ledger's movements. Findings lie wholly or partly in the period; what lies outside of it on
 * both sides is left out. Payments are matched by any of their ids; refunds by theirs (alone, where the file names no payment),
 * then by payment and amount, then, where the file has only sums, by the sum. What the provider calls by a name that we do not know
 * is a difference.
 */
export function match(
  rows: readonly PricedRow[],
  movements: readonly LedgerMovement[],
  options: MatchOptions,
): Promise<readonly Finding[]> {
  return new Matching(options).of(rows, movements);
}

class Matching {
  private readonly payments = new Map<string, LedgerMovement>();
  private readonly refunds = new BookedRefunds();
  private readonly cash = new Map<string, LedgerMovement>();
  private readonly reversals = new Map<string, LedgerMovement[]>();
  /** What the provider calls a payment: what it is called here. */
  private readonly called = new Map<string, string>();
  private readonly claimed = new Map<LedgerMovement, PricedRow>();
  private readonly findings: Finding[] = [];
  private readonly aloneBefore = new Set<string>();

  constructor(private readonly options: MatchOptions) {}

  async of(rows: readonly PricedRow[], movements: readonly LedgerMovement[]): Promise<readonly Finding[]> {
    await eachInTurns(movements, (movement) => this.know(movement));
    await eachInTurns(rows, (row) => row.kind === 'payment' && this.payment(row));
    const refunds = rows.filter(({ kind }) => kind === 'refund');
    const unknown: PricedRow[] = [];
    const left: PricedRow[] = [];
    await eachInTurns(
      refunds,
      (row) => row.refundIds.length > 0 && !this.refundById(row) && unknown.push(row),
    );
    await eachInTurns(unknown, (row) => !this.refundByAmount(row) && left.push(row));
    await eachInTurns(left, (row) => this.alone(row, ''));
    await eachInTurns(refunds, (row) => row.refundIds.length === 0 && this.refundsBySum(row));
    await eachInTurns(rows, (row) => {
      if (row.kind === 'reversal') this.reversal(row);
      else if (isCash(row)) this.cashRow(row);
      else if (row.kind === 'unknown') this.found('not-known', row, [], '');
    });
    await this.unclaimed();
    return this.findings;
  }

  private know(movement: LedgerMovement): void {
    const { kind, paymentId, providerPayment } = movement;
    if (providerPayment !== undefined) this.called.set(providerPayment, paymentId);
    if (kind === 'payment') {
      this.payments.set(paymentId, movement);
      return;
    }
    if (isCash(movement)) {
      this.cash.set(cashKey(kind, paymentId), movement);
      return;
    }
    if (kind === 'reversal') return push(this.reversals, paymentId, movement);
    this.refunds.add(movement);
  }

  /** A fee or a payout, by what its provider calls it. */
  private cashRow(row: PricedRow): void {
    const booked = row.paymentIds.flatMap((id) => this.cash.get(cashKey(row.kind, id)) ?? [])[0];
    if (!booked) return this.alone(row, 'book it: counterfoil cash book');
    if (!this.repeats(row, booked)) this.pair(row, [booked], '');
  }

  /** As the ledger calls the payments of a row. */
  private paymentsOf({ paymentIds }: PricedRow): readonly string[] {
    return [...new Set(paymentIds.map((id) => this.called.get(id) ?? id))];
  }

  private payment(row: PricedRow): void {
    const found = this.paymentsOf(row).flatMap((id) => this.payments.get(id) ?? []);
    const [booked, ...again] = found;
    if (!booked) return this.alone(row, '');
    if (this.repeats(row, booked)) return;
    this.pair(row, [booked], '');
    for (const other of again) {
      if (this.claimed.has(other)) continue;
      this.claimed.set(other, row);
      this.found('duplicate', undefined, [other], `credited twice here: also as ${booked.paymentId}`);
    }
  }

  private refundById(row: PricedRow): boolean {
    const booked = this.refunds.named(this.paymentsOf(row), row.refundIds);
    if (!booked) return false;
    if (!this.repeats(row, booked)) this.pair(row, [booked], '');
    return true;
  }

  private refundByAmount(row: PricedRow): boolean {
    const isOpen = (movement: LedgerMovement) => !this.claimed.has(movement);
    const isConverted = row.currency !== 'USD' && this.options.tolerance.unscaled > 0n;
    const payments = this.paymentsOf(row);
    const booked =
      this.refunds.ofAmount(payments, row, isOpen) ??
      (isConverted
        ? this.refundsOf(row).find((movement) => isOpen(movement) && this.sameAmount(row, [movement]))
        : undefined);
    if (booked) this.pair(row, [booked], 'by payment and amount: the refund has another id here');
    return booked !== undefined;
  }

  /** What was taken and came again: a dispute that was won, a refund that did not arrive. */
  private reversal(row: PricedRow): void {
    const booked = this.paymentsOf(row)
      .flatMap((id) => this.reversals.get(id) ?? [])
      .find((movement) => !this.claimed.has(movement) && this.sameAmount(row, [movement]));
    if (booked) this.pair(row, [booked], '');
    else this.alone(row, this.howToReverse(row));
  }

  /** Orders heal by their providers; of a front end's own payment somebody has to say it. */
  private howToReverse(row: PricedRow): string {
    const [named, ...others] = [
      this.refunds.named(this.paymentsOf(row), row.refundIds) ?? [],
      this.refundsOf(row).filter((movement) => this.sameAmount(row, [movement])),
    ].flat();
    const taken = named ?? others[0];
    if (taken?.own)
      return 'money of an order that came back: counterfoil orders trace says what is known of it';
    return taken
      ? `money that came back: counterfoil refunds reverse ${taken.paymentId} ${taken.refundId ?? ''}`
      : 'money that came back of what was never taken here: book what was taken as a refund, and reverse that';
  }

  private refundsBySum(row: PricedRow): void {
    const booked = this.refundsOf(row).filter((movement) => !this.claimed.has(movement));
    if (booked.length === 0)
      return this.alone(row, "the file has no ids of refunds: this is a payment's sum");
    this.pair(row, booked, booked.length > 1 ? `the sum of ${booked.length} refunds` : '');
  }

  private refundsOf(row: PricedRow): readonly LedgerMovement[] {
    return this.refunds.of(this.paymentsOf(row));
  }

  /** The movement has its row already: this one is there twice. */
  private repeats(row: PricedRow, movement: LedgerMovement): boolean {
    const before = this.claimed.get(movement);
    if (before) this.found('duplicate', row, [], `there twice: also on line ${before.line}`);
    return before !== undefined;
  }

  private pair(row: PricedRow, booked: readonly LedgerMovement[], note: string): void {
    for (const movement of booked) this.claimed.set(movement, row);
    if (!this.sameAmount(row, booked)) return this.found('amount-differs', row, booked, note);
    if (row.isPending) return this.found('pending', row, booked, joined('booked here', note));
    const inside = booked.every(({ at }) => this.inPeriod(at));
    // Booked in another period, it belongs to that one's file.
    if (row.isUndated && !inside) return;
    if (inside === this.rowInPeriod(row)) return this.found('matched', row, booked, note);
    this.found('timing', row, booked, joined(`${inside ? 'there' : 'here'} outside of the period`, note));
  }

  /** A row without a movement. Said twice of one id, the second is a duplicate too. */
  private alone(row: PricedRow, note: string): void {
    const key = JSON.stringify([row.kind, row.paymentIds, row.refundIds]);
    const repeated = this.aloneBefore.has(key);
    this.aloneBefore.add(key);
    if (row.isPending && !repeated) return this.found('pending', row, [], joined('not booked here', note));
    this.found(
      repeated ? 'duplicate' : 'missing-here',
      row,
      [],
      repeated ? 'there twice, and not here' : note,
    );
  }

  private async unclaimed(): Promise<void> {
    await eachInTurns(this.known(), (movement) => {
      if (this.claimed.has(movement)) return;
      const early = movement.at.getTime() < this.options.from.getTime() + DAY_MS;
      const late = movement.at.getTime() >= this.options.to.getTime() - DAY_MS;
      const where = early ? 'the end of the preceding' : 'the beginning of the following';
      this.found('missing-there', undefined, [movement], early || late ? `look at ${where} file` : '');
    });
  }

  private *known(): Generator<LedgerMovement> {
    yield* this.payments.values();
    yield* this.cash.values();
    for (const lists of [this.refunds.all(), this.reversals.values()]) for (const list of lists) yield* list;
  }

  private found(
    foundClass: FindingClass,
    provider: PricedRow | undefined,
    ledger: readonly LedgerMovement[],
    note: string,
  ): void {
    const touches = (provider && this.rowInPeriod(provider)) || ledger.some(({ at }) => this.inPeriod(at));
    if (!touches) return;
    const kind = provider?.kind ?? ledger[0]?.kind ?? 'payment';
    const told = joined(provider?.note ?? '', note);
    this.findings.push({ class: foundClass, kind, provider, ledger, note: told });
  }

  private rowInPeriod({ at, isUndated }: PricedRow): boolean {
    return isUndated === true ? at < this.options.to : this.inPeriod(at);
  }

  private inPeriod(at: Date): boolean {
    return at >= this.options.from && at < this.options.to;
  }

  /** What was paid for orders, in its own currency, and dollars to the last digit; what was converted, within the tolerance. */
  private sameAmount({ usd, currency, amount }: PricedRow, booked: readonly LedgerMovement[]): boolean {
    const own = booked.flatMap((movement) =>
      movement.own?.currency === currency ? [movement.own.amount] : [],
    );
    if (booked.length > 0 && own.length === booked.length)
      return compare(amount, own.reduce(add, ZERO)) === 0;
    const sum = booked.reduce((total, { amountUsd }) => add(total, amountUsd), ZERO);
    const difference = magnitudeOf(add(usd, negate(sum)));
    return compare(difference, currency === 'USD' ? ZERO : this.options.tolerance) <= 0;
  }
}

const cashKey = (kind: string, reference: string): string => `${kind} ${reference}`;

const joined = (...notes: readonly string[]): string => notes.filter((note) => note !== '').join('; ');
