import type { Movement } from '../movement.js';

interface Total {
  amount: bigint;
  used: bigint;
  requests: number;
  /** Of the last movement. */
  position: bigint;
}

/** The movements of a batch, one row a key: twenty times fewer rows reach the database where few accounts make many calls. */
export class Totals<Key extends string | number> {
  readonly #totals = new Map<Key, Total>();

  /** Answers the key's total, this movement included. */
  add(key: Key, { amount, used, requests }: Movement, position: bigint): Readonly<Total> {
    const total = this.#totals.get(key);
    if (!total) {
      const first = { amount, used, requests, position };
      this.#totals.set(key, first);
      return first;
    }
    total.amount += amount;
    total.used += used;
    total.requests += requests;
    total.position = position;
    return total;
  }

  /** Amounts as text, for JSON. */
  rows(): readonly object[] {
    return [...this.#totals].map(([key, { amount, used, requests, position }]) => ({
      key,
      amount: amount.toString(),
      used: used.toString(),
      requests,
      position: position.toString(),
    }));
  }
}
