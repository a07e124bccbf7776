import type { FlagDecision, FlagKind, OrderStatus, SeenBy } from '../../domain/order/state.js';

/** An order in the words of the bill. */
export type BilledStatus = 'pending' | 'completed' | 'cancelled' | 'failed';

/** How far an order has come, its credit included. */
export type OrderStage = OrderStatus | 'credited';

export interface OrderView {
  readonly orderId: string;
  readonly accountId: string;
  readonly externalUserId: string;
  readonly providerId: string;
  readonly providerRevision: number;
  readonly method: string;
  /** What a period of is ordered; null of a top-up. */
  readonly plan: { readonly planId: string; readonly name: string } | null;
  readonly currency: string;
  readonly listMinor: bigint;
  readonly discountMinor: bigint;
  readonly feeMinor: bigint;
  readonly payMinor: bigint;
  readonly rate: string;
  readonly creditUsd: string;
  readonly bonusQuota: bigint;
  readonly stage: OrderStage;
  readonly checkout:
    | {
        readonly ref: string;
        readonly url: string | null;
        readonly qr: string | null;
        readonly instructions: string | null;
      }
    | undefined;
  readonly placedBy: string;
  readonly placedAt: Date;
  readonly expiresAt: Date;
  readonly paid:
    | {
        readonly providerPayment: string;
        readonly amountMinor: bigint;
        /** As the provider says. */
        readonly at: Date;
        readonly seenBy: SeenBy;
        readonly seenAt: Date;
      }
    | undefined;
  readonly credited:
    | {
        readonly at: Date;
        readonly amountUsd: string;
        readonly quota: bigint;
        /** Null of a plan's: its period may not have begun yet. */
        readonly balanceAfter: bigint | null;
      }
    | undefined;
  readonly flags: readonly { readonly kind: FlagKind; readonly decision: FlagDecision | null }[];
  /** Of the order in the log. */
  readonly position: bigint;
}

export interface OrderFilter {
  readonly accountId?: string | undefined;
  readonly externalUserId?: string | undefined;
  readonly providerId?: string | undefined;
  readonly stage?: OrderStage | undefined;
  readonly status?: BilledStatus | undefined;
  /** When it was placed; `until` is not in it any more. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  /** An order, or what a provider calls its checkout or its payment. */
  readonly id?: string | undefined;
}
