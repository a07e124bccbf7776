import type { AccountFilter } from '../../projections/account/search.js';
import type { AccountRow } from '../../projections/account/view.js';
import type { PaymentFilter, PaymentRow } from '../../projections/payment/view.js';
import type { CodeView } from '../../projections/code/query.js';
import type { PriceListView, PriceVersion } from '../../projections/catalogue/versions.js';
import type { HangUpFilter, HangUpRow } from '../../projections/statistics/hang-ups.js';
import type { KeyFilter, KeyRow } from '../../projections/token/search.js';
import type { HistoryFilter } from '../../projections/usage/history-filter.js';
import type { HistoryEntry } from '../../projections/usage/history-page.js';

interface Page {
  readonly after: number;
  readonly limit: number;
}

/** Of a list whose newest come first. */
interface NewestPage {
  /** A place of the log; undefined: from the newest. */
  readonly before: bigint | undefined;
  readonly limit: number;
}

/** What only operators look at. */
export interface AdminReads {
  searchAccounts(filter: AccountFilter, page: Page): Promise<readonly AccountRow[]>;
  searchKeys(filter: KeyFilter, page: Page): Promise<readonly KeyRow[]>;
  hangUps(filter: HangUpFilter): Promise<readonly HangUpRow[]>;
  /** Calls and movements of everybody, the newest first. */
  history(filter: HistoryFilter, page: NewestPage): Promise<readonly HistoryEntry[]>;
  /** How many there are, counted up to `most` and one. */
  countHistory(filter: HistoryFilter, most: number): Promise<number>;
  historyEntry(position: bigint): Promise<HistoryEntry | undefined>;
  newestPayments(filter: PaymentFilter, page: NewestPage): Promise<readonly PaymentRow[]>;
  countPayments(filter: PaymentFilter, most: number): Promise<number>;
  /** What became of a code, as somebody typed it. */
  code(typed: string): Promise<CodeView | { readonly refusal: 'code_malformed' | 'code_unknown' }>;
  priceVersions(page: { readonly before: number; readonly limit: number }): Promise<readonly PriceVersion[]>;
  priceList(version: number): Promise<PriceListView | undefined>;
}
