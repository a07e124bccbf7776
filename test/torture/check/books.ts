import { createHash } from 'node:crypto';
import { quota, type RawEvent, text } from './raw-log.js';

/** How a call stands: what was recorded of it, in order. */
interface CallEntry {
  readonly account: string;
  readonly requestId: string;
  readonly what: string[];
  charged: bigint;
}

interface PaymentEntry {
  readonly account: string;
  readonly credited: bigint;
  refunded: bigint;
  refunds: number;
}

/**
 * The books as this program reads the log: a fold of its own, without a line of the service's. Every event that moves money is
 * two postings, and the sum of each pair and of all of them is kept.
 */
export class Books {
  readonly balances = new Map<string, bigint>();
  readonly calls = new Map<string, CallEntry>();
  readonly payments = new Map<string, PaymentEntry>();
  /** What is not the users': payments received, revenue, adjustments. */
  readonly counterparts = new Map<string, bigint>();
  position = -1n;

  apply(event: RawEvent): void {
    this.position = event.position;
    const account = text(event, 'account_id');
    switch (event.type) {
      case 'payment-credited': {
        const credited = quota(event, 'quota');
        this.payments.set(text(event, 'payment_id'), { account, credited, refunded: 0n, refunds: 0 });
        return this.move(account, credited, 'payments');
      }
      case 'payment-refunded': {
        const payment = this.payments.get(text(event, 'payment_id'));
        if (payment) {
          payment.refunded += quota(event, 'quota');
          payment.refunds += 1;
        }
        return this.move(account, -quota(event, 'quota'), 'payments');
      }
      case 'payment-refund-reversed': {
        const payment = this.payments.get(text(event, 'payment_id'));
        if (payment) payment.refunded -= quota(event, 'quota');
        return this.move(account, quota(event, 'quota'), 'payments');
      }
      case 'payment-taken-back': {
        const payment = this.payments.get(text(event, 'payment_id'));
        if (payment) payment.refunded += quota(event, 'quota');
        return this.move(
          account,
          -quota(event, 'quota'),
          text(event, 'kind') === 'dispute' ? 'disputes' : 'payments',
        );
      }
      case 'balance-adjusted':
        return this.move(account, quota(event, 'quota'), 'adjustments');
      case 'grant-given':
        return this.move(account, quota(event, 'quota'), 'grants');
      case 'grant-expired':
      case 'grant-withdrawn':
        return this.move(account, -quota(event, 'quota'), 'grants');
      case 'consumption-recorded':
      case 'call-abandoned':
        this.call(event, quota(event, 'quota'));
        return this.move(account, -quota(event, 'quota'), 'usage');
      case 'consumption-corrected':
        this.call(event, quota(event, 'difference'));
        return this.move(account, -quota(event, 'difference'), 'usage');
      case 'call-failed':
        return this.call(event, 0n);
    }
  }

  get total(): bigint {
    return [...this.balances.values(), ...this.counterparts.values()].reduce((sum, each) => sum + each, 0n);
  }

  /** Equal for equal books. */
  get digest(): string {
    return createHash('sha256').update(this.write()).digest('hex');
  }

  /** All of it as text, to go on from later. */
  write(): string {
    const parts = [this.balances, this.calls, this.payments, this.counterparts].map((map) =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    return JSON.stringify([this.position, ...parts], (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
  }

  static read(written: string): Books {
    const revive = (_key: string, value: unknown): unknown =>
      typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
    const [position, ...parts] = JSON.parse(written, revive) as [bigint, ...[string, never][][]];
    const books = new Books();
    books.position = position;
    [books.balances, books.calls, books.payments, books.counterparts].forEach((map, index) => {
      for (const [key, value] of parts[index] ?? []) map.set(key, value);
    });
    return books;
  }

  private move(account: string, amount: bigint, counterpart: string): void {
    this.balances.set(account, (this.balances.get(account) ?? 0n) + amount);
    this.counterparts.set(counterpart, (this.counterparts.get(counterpart) ?? 0n) - amount);
  }

  private call(event: RawEvent, charge: bigint): void {
    const id = text(event, 'call_id');
    const known = this.calls.get(id) ?? {
      account: text(event, 'account_id'),
      requestId: text(event, 'request_id'),
      what: [],
      charged: 0n,
    };
    known.what.push(event.type);
    known.charged += charge;
    this.calls.set(id, known);
  }
}

/** All events at once. */
export function foldBooks(events: readonly RawEvent[]): Books {
  const books = new Books();
  for (const event of events) books.apply(event);
  return books;
}
