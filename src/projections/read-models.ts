import type { UsageQuestion } from '../domain/usage/usage-question.js';
import type { AccountRow, AccountView } from './account/view.js';
import type { CatalogueView } from './catalogue/view.js';
import type { PaymentFilter, PaymentRow, PaymentView } from './payment/view.js';
import type { ChangedSetting } from './setting/view.js';
import type { AccessKeyView, TokenView, WalletView } from './token/view.js';
import type { CodeBatchView } from './code/query.js';
import type { DoubtFilter, DoubtView } from './doubt/query.js';
import type { GrantFilter, GrantView } from './grant/query.js';
import type { OwnReferral } from './referral/own.js';
import type { ReferralFilter, ReferralView } from './referral/query.js';
import type { ModelUsage } from './statistics/query.js';
import type { UsageView } from './statistics/usage/view.js';
import type { LogFilter } from './usage/filter.js';
import type { LogPageView, LogRow } from './usage/log-row.js';
import type { TeamRow, TeamView } from './team/query.js';
import type { PlanView, SubscriptionFilter, SubscriptionView } from './subscription/query.js';

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
  /** Who was invited by whom, the newest first. `before`: a place of the log. */
  referrals(
    asked: { readonly filter: ReferralFilter; readonly now: Date },
    page: { readonly before?: bigint | undefined; readonly limit: number },
  ): Promise<readonly ReferralView[]>;
  /** Counted up to `most` and one. */
  countReferrals(
    asked: { readonly filter: ReferralFilter; readonly now: Date },
    most: number,
  ): Promise<number>;
  /** What an account got for all whom it invited. */
  ownReferral(inviterId: string, now: Date): Promise<OwnReferral>;
  /** Those that were ever changed, by key. */
  settings(): Promise<readonly ChangedSetting[]>;
}
