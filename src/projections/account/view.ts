import type { PersonalData } from '../../domain/account/personal-data.js';

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
