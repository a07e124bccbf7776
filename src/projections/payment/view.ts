export interface PaymentView {
  readonly paymentId: string;
  readonly externalUserId: string;
  readonly amountUsd: string;
  readonly quota: bigint;
  /** The account's balance right after this credit, in log order: the first answer and every repetition show it. */
  readonly balanceAfter: bigint;
  readonly note: string | null;
  readonly creditedAt: Date;
  /** When the service got the top-up; null of a credit from before that was written down. */
  readonly receivedAt: Date | null;
  readonly refunds: readonly {
    readonly refundId: string;
    readonly amountUsd: string;
    readonly quota: bigint;
    readonly balanceAfter: bigint;
    readonly reason: string;
    readonly at: Date;
  }[];
}

/** A payment as a list shows it. */
export interface PaymentRow {
  readonly position: bigint;
  readonly paymentId: string;
  readonly externalUserId: string;
  readonly amountUsd: string;
  readonly quota: bigint;
  /** What was given back of it, decimal text. */
  readonly refundedUsd: string;
  readonly note: string | null;
  readonly creditedAt: Date;
  /** When the service got the top-up; null of a credit from before that was written down. */
  readonly receivedAt: Date | null;
}

export interface PaymentFilter {
  readonly externalUserId?: string | undefined;
  readonly paymentId?: string | undefined;
}
