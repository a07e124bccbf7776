import { add, type Decimal, formatDecimal, negate, ZERO } from '../../../domain/money/decimal.js';
import type { ReportRow } from '../reconciliation-report.js';
import type { ChargedCall } from './our-calls.js';
import type { BilledUsage } from './billed-usage.js';
import {
  type Measures,
  shownUnits,
  type TokenPart,
  type TokenParts,
  type Unit,
  type UnitCounts,
  unitsAgree,
} from './units.js';

/** Sums of both sides. */
export class Tally {
  callsThere = 0n;
  callsHere = 0n;
  promptThere = 0n;
  promptHere = 0n;
  completionThere = 0n;
  completionHere = 0n;
  cost: Decimal = ZERO;
  charge: Decimal = ZERO;
  /** Rows that tell of calls, and rows that have only what they cost. */
  usageRows = 0;
  costRows = 0;
  private readonly partsThere = new Map<TokenPart, bigint>();
  private readonly partsHere = new Map<TokenPart, bigint>();
  private readonly unitsThere = new Map<Unit, bigint>();
  private readonly unitsHere = new Map<Unit, bigint>();

  constructor(private readonly measures: Measures) {}

  there(billed: BilledUsage): void {
    if (billed.isCost) this.costRows += 1;
    else this.usageRows += 1;
    this.callsThere += billed.calls;
    this.promptThere += billed.promptTokens;
    this.completionThere += billed.completionTokens;
    this.addParts(this.partsThere, billed.parts);
    this.addUnits(this.unitsThere, billed.units);
    this.cost = add(this.cost, billed.costUsd);
  }

  here(call: ChargedCall): void {
    this.callsHere += 1n;
    this.promptHere += call.promptTokens;
    this.completionHere += call.completionTokens;
    this.addParts(this.partsHere, call.parts);
    this.addUnits(this.unitsHere, call.units);
    this.charge = add(this.charge, call.chargeUsd);
  }

  corrected(chargeUsd: Decimal): void {
    this.charge = add(this.charge, chargeUsd);
  }

  /** What is not the same on both sides; undefined: nothing. */
  get difference(): 'tokens-differ' | 'units-differ' | undefined {
    const tokens = this.promptThere === this.promptHere && this.completionThere === this.completionHere;
    const parts = this.measures.parts.every(
      (part) => (this.partsThere.get(part) ?? 0n) === (this.partsHere.get(part) ?? 0n),
    );
    if (this.measures.tokens && !(tokens && parts)) return 'tokens-differ';
    const calls = this.callsThere > this.callsHere ? this.callsThere : this.callsHere;
    const agree = this.measures.units.every((unit) =>
      unitsAgree(unit, this.unitsThere.get(unit) ?? 0n, this.unitsHere.get(unit) ?? 0n, calls),
    );
    return agree ? undefined : 'units-differ';
  }

  row(): ReportRow {
    return {
      calls_there: this.measures.calls ? Number(this.callsThere) : null,
      calls_here: Number(this.callsHere),
      prompt_there: Number(this.promptThere),
      prompt_here: Number(this.promptHere),
      completion_there: Number(this.completionThere),
      completion_here: Number(this.completionHere),
      ...this.partColumns(),
      ...this.unitColumns(),
      ...marginRow(this.measures.cost ? this.cost : undefined, this.charge),
    };
  }

  private partColumns(): ReportRow {
    const columns = this.measures.parts.flatMap((part) => [
      [`${part}_there`, Number(this.partsThere.get(part) ?? 0n)] as const,
      [`${part}_here`, Number(this.partsHere.get(part) ?? 0n)] as const,
    ]);
    return Object.fromEntries(columns);
  }

  private unitColumns(): ReportRow {
    const columns = this.measures.units.flatMap((unit) => [
      [`${unit}_there`, shownUnits(unit, this.unitsThere.get(unit) ?? 0n)] as const,
      [`${unit}_here`, shownUnits(unit, this.unitsHere.get(unit) ?? 0n)] as const,
    ]);
    return Object.fromEntries(columns);
  }

  private addParts(sums: Map<TokenPart, bigint>, counts: TokenParts): void {
    for (const part of this.measures.parts) sums.set(part, (sums.get(part) ?? 0n) + (counts[part] ?? 0n));
  }

  private addUnits(sums: Map<Unit, bigint>, counts: UnitCounts): void {
    for (const unit of this.measures.units) sums.set(unit, (sums.get(unit) ?? 0n) + (counts[unit] ?? 0n));
  }
}

/** What is left of a charge; empty where no file has the cost. */
export function marginRow(cost: Decimal | undefined, charge: Decimal): ReportRow {
  const charge_usd = formatDecimal(charge);
  if (!cost) return { cost_usd: '', charge_usd, margin_usd: '', margin_percent: '' };
  const margin = add(charge, negate(cost));
  return {
    cost_usd: formatDecimal(cost),
    charge_usd,
    margin_usd: formatDecimal(margin),
    margin_percent: percentOf(margin, charge),
  };
}

/** Of the charge, with one place, towards zero; empty when nothing was charged. */
function percentOf(part: Decimal, whole: Decimal): string {
  if (whole.unscaled === 0n) return '';
  const scale = Math.max(part.scale, whole.scale);
  const widen = ({ unscaled, scale: own }: Decimal) => unscaled * 10n ** BigInt(scale - own);
  return formatDecimal({ unscaled: (widen(part) * 1000n) / widen(whole), scale: 1 });
}

/** Tallies by key, made when first asked for. */
export class Tallies {
  private readonly byKey = new Map<string, Tally>();

  constructor(private readonly measures: Measures) {}

  of(key: string): Tally {
    const found = this.byKey.get(key) ?? new Tally(this.measures);
    this.byKey.set(key, found);
    return found;
  }

  /** In the order of their keys. */
  entries(): readonly (readonly [string, Tally])[] {
    return [...this.byKey].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
