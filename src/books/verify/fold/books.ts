import type { DomainEvent } from '../../../domain/events/catalogue.js';
import type { LedgerEvent } from '../../../projections/runtime/projection.js';
import type { Finding } from '../check.js';
import { UuidSet } from '../uuid-set.js';

export interface AccountBook {
  balance: bigint;
  usedQuota: bigint;
  requests: number;
  /** Position of the last event that moved it. */
  position: bigint;
}

export interface TokenBook {
  usedQuota: bigint;
  /** Events of its use; 0: only its limit is known. */
  calls: number;
  limit: bigint | null;
  /** Of the last event of its use. */
  position: bigint;
}

interface PaymentBook {
  readonly quota: bigint;
  refunded: bigint;
}

/**
 * The books by plain arithmetic over the log: shares no code with the projections, so that a mistake there shows here.
 * Memory grows with accounts, keys and payments, and by 16 bytes a call.
 */
export class Books {
  readonly accounts = new Map<string, AccountBook>();
  readonly tokens = new Map<number, TokenBook>();
  /** What moved in all, each without its sign but corrections. */
  readonly moved = { credited: 0n, refunded: 0n, granted: 0n, charged: 0n, corrected: 0n };
  private readonly payments = new Map<string, PaymentBook>();
  private readonly resolved = new UuidSet();

  constructor(
    private readonly once: { readonly payments: Finding; readonly holds: Finding; readonly refunds: Finding },
  ) {}

  /** Whether an event ended this hold, at a charge or (a refund, an adjustment) at its amount. */
  isResolved(holdId: string): boolean {
    return this.resolved.has(holdId);
  }

  /** The account's balance right after the event, where the event moves it. */
  apply(event: LedgerEvent): bigint | undefined {
    switch (event.type) {
      case 'payment-credited':
        this.credit(event);
        this.moved.credited += event.data.quota;
        return this.move(event, event.data.quota);
      case 'payment-refunded':
        this.refund(event, event.data.quota);
        this.moved.refunded += event.data.quota;
        this.resolve(event, event.data.hold_id);
        return this.move(event, 0n - event.data.quota);
      case 'payment-refund-reversed':
        this.refund(event, 0n - event.data.quota);
        this.moved.refunded -= event.data.quota;
        return this.move(event, event.data.quota);
      case 'payment-taken-back':
        this.refund(event, event.data.quota);
        this.moved.refunded += event.data.quota;
        return this.move(event, 0n - event.data.quota);
      case 'balance-adjusted':
        if (event.data.hold_id !== null) this.resolve(event, event.data.hold_id);
        this.moved.corrected += event.data.quota;
        return this.move(event, event.data.quota);
      case 'grant-given':
        this.moved.granted += event.data.quota;
        return this.move(event, event.data.quota);
      case 'grant-expired':
      case 'grant-withdrawn':
        if (event.data.hold_id !== null) this.resolve(event, event.data.hold_id);
        this.moved.granted -= event.data.quota;
        return this.move(event, 0n - event.data.quota);
      case 'consumption-recorded':
        this.resolve(event, event.data.call_id);
        return this.use(event, event.data.quota, 1);
      case 'call-abandoned':
        this.resolve(event, event.data.call_id);
        return this.use(event, event.data.quota, event.data.quota > 0n ? 1 : 0);
      case 'lease-abandoned':
        this.resolve(event, event.data.lease_id);
        return undefined;
      case 'consumption-corrected':
        return this.use(event, event.data.quota - event.data.quota_before, 0);
      case 'token-issued':
      case 'token-limits-changed':
        this.limit(event);
        return undefined;
      default:
        return undefined;
    }
  }

  private move(event: LedgerEvent & { data: { account_id: string } }, quota: bigint): bigint {
    const { account_id } = event.data;
    let book = this.accounts.get(account_id);
    if (!book)
      this.accounts.set(account_id, (book = { balance: 0n, usedQuota: 0n, requests: 0, position: 0n }));
    book.balance += quota;
    book.position = event.position;
    return book.balance;
  }

  private use(
    event: LedgerEvent & { data: { account_id: string; token_id: number } },
    quota: bigint,
    requests: number,
  ): bigint {
    const balance = this.move(event, 0n - quota);
    this.moved.charged += quota;
    const account = this.accounts.get(event.data.account_id);
    if (account) {
      account.usedQuota += quota;
      account.requests += requests;
    }
    const token = this.token(event.data.token_id);
    token.usedQuota += quota;
    token.calls += 1;
    token.position = event.position;
    return balance;
  }

  private limit(event: LedgerEvent & Extract<DomainEvent, { data: { limits: unknown } }>): void {
    const token = this.token(event.data.token_id);
    token.limit = event.data.limits.quota_limit;
  }

  private token(tokenId: number): TokenBook {
    let book = this.tokens.get(tokenId);
    if (!book) this.tokens.set(tokenId, (book = { usedQuota: 0n, calls: 0, limit: null, position: 0n }));
    return book;
  }

  private credit({ data, position }: Extract<LedgerEvent, { type: 'payment-credited' }>): void {
    this.once.payments.compared += 1;
    if (this.payments.has(data.payment_id)) {
      this.once.payments.differ(
        data.payment_id,
        data.account_id,
        'one credit',
        `another at position ${position}`,
      );
    } else {
      this.payments.set(data.payment_id, { quota: data.quota, refunded: 0n });
    }
  }

  private refund(
    {
      data,
      position,
    }: Extract<LedgerEvent, { type: 'payment-refunded' | 'payment-refund-reversed' | 'payment-taken-back' }>,
    quota: bigint,
  ): void {
    this.once.refunds.compared += 1;
    const payment = this.payments.get(data.payment_id);
    if (payment) payment.refunded += quota;
    if (!payment || payment.refunded > payment.quota) {
      const found = payment ? `${payment.refunded} given back at position ${position}` : 'no such payment';
      this.once.refunds.differ(data.payment_id, data.account_id, `at most ${payment?.quota ?? 0n}`, found);
    }
  }

  private resolve(event: LedgerEvent & { data: { account_id: string } }, holdId: string): void {
    this.once.holds.compared += 1;
    if (!this.resolved.add(holdId)) {
      const found = `${event.storedType} at position ${event.position}`;
      this.once.holds.differ(holdId, event.data.account_id, 'resolved once', found);
    }
  }
}
