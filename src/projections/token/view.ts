import type { BudgetScope } from '../../domain/team/events.js';
import type { BudgetCalendar } from '../../domain/team/period.js';
import type { TokenLimits } from '../../domain/token/events.js';

export interface TokenView {
  readonly tokenId: number;
  readonly accountId: string;
  readonly tokenName: string;
  readonly keyMask: string;
  readonly disabled: boolean;
  readonly limits: TokenLimits;
  readonly usedQuota: bigint;
}

/** What the relay must know of a key before it may serve a call. */
export interface AccessKeyView extends TokenView {
  readonly revoked: boolean;
  readonly userId: number;
  readonly accountGroup: string;
  readonly accountSuspended: boolean;
  readonly accountErased: boolean;
  /** Revisions of the token's and the account's streams that this view has seen: the guards of a hold. */
  readonly tokenRevision: bigint;
  readonly accountRevision: bigint;
  /** Where the key is a member's of a team. */
  readonly team?: TeamKeyView | undefined;
}

/** What a key of a team may do beside what keys may, and how much of it. */
export interface TeamKeyView {
  readonly teamId: string;
  readonly memberId: string;
  /** They were taken out of the team, or their own account is erased. */
  readonly memberGone: boolean;
  readonly memberSuspended: boolean;
  /** Of the streams of the team and of the member's own account. */
  readonly teamRevision: bigint;
  readonly memberRevision: bigint;
  /** In force, the member's before the key's. */
  readonly budgets: readonly (BudgetCalendar & {
    readonly budgetId: string;
    readonly kind: BudgetScope['kind'];
  })[];
}

/** What a key and its account have, and have used. Quota. */
export interface WalletView {
  readonly balance: bigint;
  readonly usedQuota: bigint;
  readonly totalRequests: number;
  /** Null: the key has no limit of its own. */
  readonly keyLimit: bigint | null;
  readonly keyUsed: bigint;
  /** What the key has used since today, this week (from Monday) and this month began, by the days of the ledger's time zone. */
  readonly keyUsedSince: { readonly day: bigint; readonly week: bigint; readonly month: bigint };
}
