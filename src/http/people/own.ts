import type { ExplainView } from '../../books/audit/explain/explain.js';
import type { OwnReferral } from '../../projections/referral/own.js';
import type { GrantView } from '../../projections/grant/query.js';
import type { PlanView, SubscriptionView } from '../../projections/subscription/query.js';
import type { TeamView } from '../../projections/team/query.js';
import type { AccountView } from '../../projections/account/view.js';
import type { OwnKeyRow } from '../../projections/token/own-keys.js';
import type { UsageView } from '../../projections/statistics/usage/view.js';
import type {
  BillingFilter,
  BillingPage,
  BillingPlace,
  ConsumptionByKey,
} from '../../projections/statistics/billing/rows.js';
import type { BilledModel, BillingView } from '../../projections/statistics/billing/sums.js';
import type { UsageFilter, UsageQuestion } from '../../domain/usage/usage-question.js';
import type { HistoryFilter } from '../../projections/usage/history-filter.js';
import type { HistoryEntry } from '../../projections/usage/history-page.js';
import type { SignedInPerson } from './ports/person.js';

/** Usage of one's own: who answered and by which group is not asked for. */
export interface OwnUsageQuestion extends Omit<UsageQuestion, 'groupBy' | 'filter'> {
  readonly groupBy: 'model' | 'key' | 'none';
  readonly filter: Pick<UsageFilter, 'tokenId' | 'model'>;
}

/** What of one's history is asked for. */
export type OwnHistoryFilter = Pick<
  HistoryFilter,
  'tokenId' | 'reference' | 'type' | 'model' | 'from' | 'until'
>;

/** A row of one's history: not who answered, nor by which group. */
export interface OwnHistoryEntry extends Omit<
  HistoryEntry,
  'channelId' | 'group' | 'externalUserId' | 'username'
> {
  /** What one had right after it; null while that is not counted. */
  readonly balanceAfter: bigint | null;
}

/** What was done already of what a newcomer has to do. */
export interface FirstSteps {
  readonly toppedUp: boolean;
  readonly hasKey: boolean;
  readonly hasCalled: boolean;
}

/** What of one's books can be proved to others. */
export interface OfferedProofs {
  /** That something was written down. */
  readonly receipts: boolean;
  /** That a balance is in what the ledger said it owes. */
  readonly balances: boolean;
  /** Of the log: `name+id+key`, as signed-note has it. */
  readonly keys: readonly string[];
}

/** Days of the ledger, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** What one person may read of the ledger: it is of one account, and no argument leads to another one. */
export interface Own {
  /**
   * Waits until reads show what the account's calls are known to have settled, and the position that is asked for.
   *
   * Throws a 504 `position_not_reached`.
   */
  caughtUp(min?: bigint): Promise<void>;
  /** Throws a 404 `account_not_found` where the read models do not know the account yet. */
  account(): Promise<AccountView>;
  /** Quota set aside for calls under way; undefined where that is not known at the moment. */
  held(): Promise<bigint | undefined>;
  firstSteps(): Promise<FirstSteps>;
  /** Keys that were not deleted, the newest first; those of a moment are left out. `before`: the number of a key. */
  keys(page: { readonly before: bigint | undefined; readonly limit: number }): Promise<readonly OwnKeyRow[]>;
  /** Counted up to `most` and one. */
  countKeys(most: number): Promise<number>;
  /** One that was not deleted. */
  key(tokenId: number): Promise<OwnKeyRow | undefined>;
  /** What calls cost by time. Undefined while the tables are being made. */
  usage(question: OwnUsageQuestion, now: Date): Promise<UsageView | undefined>;
  /** Calls and movements, the newest first. `before`: a place of the log. */
  history(
    filter: OwnHistoryFilter,
    page: { readonly before: bigint | undefined; readonly limit: number },
  ): Promise<readonly OwnHistoryEntry[]>;
  /** Counted up to `most` and one. */
  countHistory(filter: OwnHistoryFilter, most: number): Promise<number>;
  /** Calls that were refused or failed since, counted up to `most`. */
  countFailures(of: { readonly since: Date; readonly most: number }): Promise<number>;
  historyEntry(position: bigint): Promise<OwnHistoryEntry | undefined>;
  /**
   * What is of one's own of that id, explained.
   *
   * Throws the failures of `asked`, and BooksDisagree.
   */
  explain(id: string): Promise<ExplainView>;
  /**
   * A file that proves what one had at the end of a day. Undefined: of the newest that was closed.
   *
   * Throws AuditRefused, and BooksDisagree.
   */
  balanceProof(asOf: string | undefined): Promise<string>;
  /**
   * A file that proves that the ledger wrote down what a row of one's history says.
   *
   * Throws AuditRefused, and BooksDisagree.
   */
  receipt(row: Pick<OwnHistoryEntry, 'id' | 'reference'>): Promise<string>;
  /** What can be proved here, and with which keys that is checked. */
  proofs(): Promise<OfferedProofs>;
  /** Quota that one was given, the newest first. */
  grants(most: number): Promise<readonly GrantView[]>;
  /** One of them. */
  grant(grantId: string): Promise<GrantView | undefined>;
  /** What is sold by the period. @param planId of one alone */
  plans(planId?: string): Promise<readonly PlanView[]>;
  /** What one is subscribed to, the newest first. */
  subscriptions(most: number): Promise<readonly SubscriptionView[]>;
  /** One's own team, with what was spent in the periods of that instant. */
  team(now: Date): Promise<TeamView | undefined>;
  /** Of the teams that one is a member of what concerns oneself. */
  memberships(now: Date): Promise<readonly TeamView[]>;
  /** Whom one invited, and what that brought. */
  referral(now: Date): Promise<OwnReferral>;
  /** What moved the balance, the newest first. This, and what follows: undefined while the days are not counted. */
  billing(
    filter: BillingFilter,
    page: { readonly after?: BillingPlace | undefined; readonly limit: number },
  ): Promise<BillingPage | undefined>;
  /** Before, between and after two days. */
  billingRange(range: DayRange): Promise<BillingView | undefined>;
  billingMonths(): Promise<BillingView | undefined>;
  billedModels(range: DayRange): Promise<readonly BilledModel[]>;
  /** What the calls of a model cost on a day, by key; undefined where there were none. */
  consumption(of: {
    readonly day: string;
    readonly model: string;
  }): Promise<readonly ConsumptionByKey[] | undefined>;
}

export type OwnOf = (person: Pick<SignedInPerson, 'accountId' | 'externalUserId'>) => Own;
