import type { AccountFilter } from '../../projections/account/search.js';
import type { AccountRow } from '../../projections/read-models.js';
import type { PriceListView, PriceVersion } from '../../projections/catalogue/versions.js';
import type { HangUpFilter, HangUpRow } from '../../projections/statistics/hang-ups.js';
import type { KeyFilter, KeyRow } from '../../projections/token/search.js';

interface Page {
  readonly after: number;
  readonly limit: number;
}

/** What only operators look at. */
export interface AdminReads {
  searchAccounts(filter: AccountFilter, page: Page): Promise<readonly AccountRow[]>;
  searchKeys(filter: KeyFilter, page: Page): Promise<readonly KeyRow[]>;
  hangUps(filter: HangUpFilter): Promise<readonly HangUpRow[]>;
  priceVersions(page: { readonly before: number; readonly limit: number }): Promise<readonly PriceVersion[]>;
  priceList(version: number): Promise<PriceListView | undefined>;
}
