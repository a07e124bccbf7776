import { isPattern } from './model-pattern.js';
import type { Price } from './price.js';

/** A price list for looking up: the model's own price, else that of the longest pattern that fits. */
export class PriceBook {
  private readonly exact = new Map<string, Price>();
  private readonly byPrefix = new Map<string, Price>();
  /** Of the patterns, longest first. */
  private readonly lengths: readonly number[];

  constructor(prices: readonly Price[]) {
    for (const price of prices) {
      if (isPattern(price.model)) this.byPrefix.set(price.model.slice(0, -1), price);
      else this.exact.set(price.model, price);
    }
    const lengths = new Set([...this.byPrefix.keys()].map((prefix) => prefix.length));
    this.lengths = [...lengths].sort((a, b) => b - a);
  }

  /** Models that have a price of their own. */
  get names(): IterableIterator<string> {
    return this.exact.keys();
  }

  /** A price is one of many models whose names it does not say. */
  get hasPatterns(): boolean {
    return this.lengths.length > 0;
  }

  get(model: string): Price | undefined {
    const exact = this.exact.get(model);
    if (exact || this.lengths.length === 0) return exact;
    for (const length of this.lengths) {
      const found = length <= model.length ? this.byPrefix.get(model.slice(0, length)) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  has(model: string): boolean {
    return this.get(model) !== undefined;
  }
}
