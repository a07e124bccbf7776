import type { PersonalData } from '../domain/account/personal-data.js';
import type { ChannelSettings } from '../domain/channel/settings.js';
import type { Group, Price } from '../domain/pricing/price.js';
import type { SettingKey, Settings } from '../domain/setting/settings.js';
import type { UsageQuestion } from '../domain/usage/usage-question.js';
import type { BudgetScope } from '../domain/team/events.js';
import type { BudgetCalendar } from '../domain/team/period.js';
import type { TokenLimits } from '../domain/token/events.js';
import type { CodeBatchView } from './code/query.js';
import type { DoubtFilter, DoubtView } from './doubt/query.js';
import type { GrantFilter, GrantView } from './grant/query.js';
import type { ModelUsage } from './statistics/query.js';
import type { UsageView } from './statistics/usage/view.js';
import type { LogFilter } from './usage/filter.js';
import type { LogPageView, LogRow } from './usage/log-row.js';
import type { TeamRow, TeamView } from './team/query.js';
import type { PlanView, SubscriptionFilter, SubscriptionView } from './subscription/query.js';

/** A user as callers see it: identity, opened personal data (undefined after erasure), money. Quotas are projected, not cached. */
export interface AccountView {
  readonly accountId: string;
  readonly userId: number;
  readonly externalUserId: string;
  readonly username: string;
  readonly loginType: string;
  readonly affCode: string;
  readonly group: string;
  readonly suspended: boolean;
  readonly erased: boolean;
  readonly personal: PersonalData | undefined;
  readonly balance: bigint;
  readonly usedQuota: bigint;
  readonly totalRequests: number;
  readonly createdAt: Date;
}

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

export interface CatalogueView {
  /** 0 and empty before the first list is published. */
  readonly priceVersion: number;
  readonly prices: readonly Price[];
  readonly groups: readonly Group[];
  readonly channels: readonly {
    readonly channelId: string;
    readonly enabled: boolean;
    /** Why it is not. */
    readonly disabled: { readonly reason: string; readonly automatic: boolean } | null;
    readonly settings: ChannelSettings;
  }[];
}

/** A setting that was changed while the service ran. A value of null: taken back to its default. */
export interface ChangedSetting {
  readonly key: SettingKey;
  readonly value: Settings[SettingKey] | null;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A user as a list shows them: nothing personal beyond the names. */
export interface AccountRow {
  readonly userId: number;
  readonly externalUserId: string;
  readonly username: string;
  readonly group: string;
  readonly suspended: boolean;
  readonly erased: boolean;
  readonly balance: bigint;
  readonly usedQuota: bigint;
  readonly totalRequests: number;
  readonly createdAt: Date;
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

/** What of a list by rising numbers comes after one, and how much of it. */
export interface ListPage {
  readonly after: number;
  readonly limit: number;
}

/** The read side, as the HTTP shell, the relay and the CLI see it. */
export interface ReadModels {
  /** Resolves true once the ledger projections have passed the position, false when `timeoutMs` ran out first. */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean>;
  /**
   * Resolves once the read models have all that the account's calls are known to have settled, or when `timeoutMs` ran out. Never
   * rejects: where nothing is known of its calls, there is nothing to wait for.
   */
  waitForSettled(accountId: string, timeoutMs: number): Promise<void>;
  account(externalUserId: string): Promise<AccountView | undefined>;
  payment(paymentId: string): Promise<PaymentView | undefined>;
  /** In log order, after a position. */
  payments(filter: PaymentFilter, page: ListPage): Promise<readonly PaymentRow[]>;
  /** By number, after one. */
  accounts(page: ListPage): Promise<readonly AccountRow[]>;
  /** Not revoked, by id. */
  tokens(accountId: string): Promise<readonly TokenView[]>;
  accessKey(keyHash: string): Promise<AccessKeyView | undefined>;
  /** What a key and its account have and have used. */
  wallet(tokenId: number): Promise<WalletView | undefined>;
  /** The newest row of a call of a key, by the id of its request or its own. */
  call(tokenId: number, id: string): Promise<LogRow | undefined>;
  logs(
    accountId: string,
    filter: LogFilter,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<LogPageView>;
  /** The newest rows, without sums. */
  recentLogs(accountId: string, limit: number): Promise<readonly LogRow[]>;
  modelUsage(accountId: string): Promise<readonly ModelUsage[]>;
  /** What calls cost by time; `timezone`: in which the days begin. Undefined while the tables are being made. */
  usage(
    question: UsageQuestion,
    moment: { readonly now: Date; readonly timezone: string },
  ): Promise<UsageView | undefined>;
  catalogue(): Promise<CatalogueView>;
  /** Charges whose report could not be believed, the oldest first. */
  doubts(filter: DoubtFilter, limit: number): Promise<readonly DoubtView[]>;
  /** By the id of the call, or of its request. */
  doubt(id: string): Promise<DoubtView | undefined>;
  openDoubts(): Promise<number>;
  /** Quota that was given, the newest first. `before`: a place of the log. */
  grants(
    filter: GrantFilter,
    page: { readonly before?: bigint | undefined; readonly limit: number },
  ): Promise<readonly GrantView[]>;
  /** Counted up to `most` and one. */
  countGrants(filter: GrantFilter, most: number): Promise<number>;
  grant(grantId: string): Promise<GrantView | undefined>;
  /** Batches of codes, the newest first. `before`: a place of the log. */
  codeBatches(page: {
    readonly before?: bigint | undefined;
    readonly limit: number;
  }): Promise<readonly CodeBatchView[]>;
  /** Counted up to `most` and one. */
  countCodeBatches(most: number): Promise<number>;
  codeBatch(batchId: string): Promise<CodeBatchView | undefined>;
  /** What is sold by the period, each in its newest version. @param planId of one alone */
  plans(planId?: string): Promise<readonly PlanView[]>;
  /** Who subscribed to plans, the newest first. `before`: a place of the log. */
  subscriptions(
    filter: SubscriptionFilter,
    page: { readonly before?: bigint | undefined; readonly limit: number },
  ): Promise<readonly SubscriptionView[]>;
  /** Counted up to `most` and one. */
  countSubscriptions(filter: SubscriptionFilter, most: number): Promise<number>;
  /** The newest first. `before`: a place of the log. */
  teams(page: { readonly before?: bigint | undefined; readonly limit: number }): Promise<readonly TeamRow[]>;
  /** Counted up to `most` and one. */
  countTeams(most: number): Promise<number>;
  /** Of an account, with what was spent in the periods of that instant. */
  team(teamId: string, now: Date): Promise<TeamView | undefined>;
  /** The teams that somebody is a member of, each with what concerns them alone. */
  teamsOfMember(memberId: string, now: Date): Promise<readonly TeamView[]>;
  /** Those that were ever changed, by key. */
  settings(): Promise<readonly ChangedSetting[]>;
}
