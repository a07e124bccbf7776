import { add, compare, type Decimal, negate, ZERO } from '../../../domain/money/decimal.js';
import type { Finding, FindingClass, PricedRow } from './finding.js';
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
): readonly Finding[] {
  return new Matching(movements, options).of(rows);
}

class Matching {
  private readonly payments = new Map<string, LedgerMovement>();
  private readonly refunds = new Map<string, LedgerMovement[]>();
  private readonly reversals = new Map<string, LedgerMovement[]>();
  private readonly refundsById = new Map<string, LedgerMovement[]>();
  private readonly claimed = new Map<LedgerMovement, PricedRow>();
  private readonly findings: Finding[] = [];
  private readonly aloneBefore = new Set<string>();

  constructor(
    movements: readonly LedgerMovement[],
    private readonly options: MatchOptions,
  ) {
    for (const movement of movements) {
      if (movement.kind === 'payment') {
        this.payments.set(movement.paymentId, movement);
        continue;
      }
      if (movement.kind === 'reversal') {
        push(this.reversals, movement.paymentId, movement);
        continue;
      }
      push(this.refunds, movement.paymentId, movement);
      if (movement.refundId !== null) push(this.refundsById, movement.refundId, movement);
    }
  }

  of(rows: readonly PricedRow[]): readonly Finding[] {
    for (const row of rows) if (row.kind === 'payment') this.payment(row);
    const refunds = rows.filter(({ kind }) => kind === 'refund');
    const unknown = refunds.filter((row) => row.refundIds.length > 0 && !this.refundById(row));
    const left = unknown.filter((row) => !this.refundByAmount(row));
    for (const row of left) this.alone(row, '');
    for (const row of refunds) if (row.refundIds.length === 0) this.refundsBySum(row);
    for (const row of rows)
      if (row.kind === 'reversal') this.reversal(row);
      else if (row.kind === 'unknown') this.found('not-known', row, [], '');
    this.unclaimed();
    return this.findings;
  }

  private payment(row: PricedRow): void {
    const found = row.paymentIds.flatMap((id) => this.payments.get(id) ?? []);
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
    const booked = this.refundsOf(row).find(
      ({ refundId }) => refundId !== null && row.refundIds.includes(refundId),
    );
    if (!booked) return false;
    if (!this.repeats(row, booked)) this.pair(row, [booked], '');
    return true;
  }

  private refundByAmount(row: PricedRow): boolean {
    const booked = this.refundsOf(row).find(
      (movement) => !this.claimed.has(movement) && this.sameAmount(row, movement.amountUsd),
    );
    if (booked) this.pair(row, [booked], 'by payment and amount: the refund has another id here');
    return booked !== undefined;
  }

  /** A dispute that was won, of an order; of other payments the ledger hears of none. */
  private reversal(row: PricedRow): void {
    const booked = row.paymentIds
      .flatMap((id) => this.reversals.get(id) ?? [])
      .find((movement) => !this.claimed.has(movement) && this.sameAmount(row, movement.amountUsd));
    if (booked) this.pair(row, [booked], '');
    else this.alone(row, 'money that came back: book it as an adjustment or a new payment');
  }

  private refundsBySum(row: PricedRow): void {
    const booked = this.refundsOf(row).filter((movement) => !this.claimed.has(movement));
    if (booked.length === 0)
      return this.alone(row, "the file has no ids of refunds: this is a payment's sum");
    this.pair(row, booked, booked.length > 1 ? `the sum of ${booked.length} refunds` : '');
  }

  private refundsOf(row: PricedRow): readonly LedgerMovement[] {
    if (row.paymentIds.length === 0) return row.refundIds.flatMap((id) => this.refundsById.get(id) ?? []);
    return row.paymentIds.flatMap((id) => this.refunds.get(id) ?? []);
  }

  /** The movement has its row already: this one is there twice. */
  private repeats(row: PricedRow, movement: LedgerMovement): boolean {
    const before = this.claimed.get(movement);
    if (before) this.found('duplicate', row, [], `there twice: also on line ${before.line}`);
    return before !== undefined;
  }

  private pair(row: PricedRow, booked: readonly LedgerMovement[], note: string): void {
    for (const movement of booked) this.claimed.set(movement, row);
    const sum = booked.reduce((total, { amountUsd }) => add(total, amountUsd), ZERO);
    if (!this.sameAmount(row, sum)) return this.found('amount-differs', row, booked, note);
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

  private unclaimed(): void {
    const all = [this.refunds, this.reversals].flatMap((each) => [...each.values()].flat());
    all.unshift(...this.payments.values());
    for (const movement of all) {
      if (this.claimed.has(movement)) continue;
      const early = movement.at.getTime() < this.options.from.getTime() + DAY_MS;
      const late = movement.at.getTime() >= this.options.to.getTime() - DAY_MS;
      const where = early ? 'the end of the preceding' : 'the beginning of the following';
      this.found('missing-there', undefined, [movement], early || late ? `look at ${where} file` : '');
    }
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

  /** Dollars to the last digit; what was converted, within the tolerance. */
  private sameAmount({ usd, currency }: PricedRow, booked: Decimal): boolean {
    const difference = magnitudeOf(add(usd, negate(booked)));
    return compare(difference, currency === 'USD' ? ZERO : this.options.tolerance) <= 0;
  }
}

function push(byId: Map<string, LedgerMovement[]>, id: string, movement: LedgerMovement): void {
  byId.set(id, [...(byId.get(id) ?? []), movement]);
}

const joined = (...notes: readonly string[]): string => notes.filter((note) => note !== '').join('; ');
