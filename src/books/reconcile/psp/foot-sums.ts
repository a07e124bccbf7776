import { add, compare, type Decimal, formatDecimal, ZERO } from '../../../domain/money/decimal.js';
import { amount } from '../tabular/cells.js';
import { magnitudeOf } from './provider-record.js';

/** What the rows of a file come to, by name, to be laid beside the sums at its foot. */
export class Sums {
  private readonly byName = new Map<string, Decimal>();

  /** An empty cell is nothing. A cell that is no amount leaves the sum as it is, so that the foot does not agree with it. */
  add(name: string, cell: string): void {
    const parsed = amount.safeParse(cell);
    this.byName.set(name, add(this.of(name), parsed.success ? parsed.data : ZERO));
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  of(name: string): Decimal {
    return this.byName.get(name) ?? ZERO;
  }
}

/** Why a sum at the foot is not that of the rows; undefined when it is. Refunds are negative in some versions of a file, and not in others. */
export function differing(name: string, said: Decimal, found: Decimal): string | undefined {
  if (compare(magnitudeOf(said), magnitudeOf(found)) === 0) return undefined;
  return `its foot says ${name} ${formatDecimal(said)} and the rows come to ${formatDecimal(found)}`;
}
