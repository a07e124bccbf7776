import type { AccountView } from '../../projections/read-models.js';
import type { OwnKeyRow } from '../../projections/token/own-keys.js';
import type { UsageView } from '../../projections/statistics/usage/view.js';
import type { UsageFilter, UsageQuestion } from '../../domain/usage/usage-question.js';
import type { SignedInPerson } from './ports.js';

/** Usage of one's own: who answered and by which group is not asked for. */
export interface OwnUsageQuestion extends Omit<UsageQuestion, 'groupBy' | 'filter'> {
  readonly groupBy: 'model' | 'key' | 'none';
  readonly filter: Pick<UsageFilter, 'tokenId' | 'model'>;
}

/** What was done already of what a newcomer has to do. */
export interface FirstSteps {
  readonly toppedUp: boolean;
  readonly hasKey: boolean;
  readonly hasCalled: boolean;
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
}

export type OwnOf = (person: Pick<SignedInPerson, 'accountId' | 'externalUserId'>) => Own;
