import { add, type Decimal, formatDecimal, negate, ZERO } from '../../domain/money/decimal.js';
import type { ReportRow } from '../report.js';
import type { ChargedCall } from './our-calls.js';
import type { BilledUsage } from './read-usage-file.js';

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

  there(billed: BilledUsage): void {
    this.callsThere += billed.calls;
    this.promptThere += billed.promptTokens;
    this.completionThere += billed.completionTokens;
    this.cost = add(this.cost, billed.costUsd);
  }

  here(call: ChargedCall): void {
    this.callsHere += 1n;
    this.promptHere += call.promptTokens;
    this.completionHere += call.completionTokens;
    this.charge = add(this.charge, call.chargeUsd);
  }

  corrected(chargeUsd: Decimal): void {
    this.charge = add(this.charge, chargeUsd);
  }

  get tokensAgree(): boolean {
    return this.promptThere === this.promptHere && this.completionThere === this.completionHere;
  }

  row(): ReportRow {
    const margin = add(this.charge, negate(this.cost));
    return {
      calls_there: Number(this.callsThere),
      calls_here: Number(this.callsHere),
      prompt_there: Number(this.promptThere),
      prompt_here: Number(this.promptHere),
      completion_there: Number(this.completionThere),
      completion_here: Number(this.completionHere),
      cost_usd: formatDecimal(this.cost),
      charge_usd: formatDecimal(this.charge),
      margin_usd: formatDecimal(margin),
      margin_percent: percentOf(margin, this.charge),
    };
  }
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

  of(key: string): Tally {
    const found = this.byKey.get(key) ?? new Tally();
    this.byKey.set(key, found);
    return found;
  }

  /** In the order of their keys. */
  entries(): readonly (readonly [string, Tally])[] {
    return [...this.byKey].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
