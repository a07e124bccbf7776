import type { AccountView } from '../../../../projections/account/view.js';
import { usd } from '../../../present.js';

const [ENABLED, SUSPENDED, ERASED] = [1, 2, 3] as const;

/** Personal fields are empty after an erasure; the money stays. */
export function presentUser(account: AccountView) {
  return {
    user_id: account.userId,
    external_user_id: account.externalUserId,
    username: account.username,
    display_name: account.personal?.display_name ?? '',
    email: account.personal?.email ?? '',
    phone: account.personal?.phone ?? '',
    login_type: account.loginType,
    group: account.group,
    aff_code: account.affCode,
    status: account.erased ? ERASED : account.suspended ? SUSPENDED : ENABLED,
    current_quota: account.balance,
    current_balance: usd(account.balance),
    used_quota: account.usedQuota,
    total_requests: account.totalRequests,
    created_at: Math.floor(account.createdAt.getTime() / 1000),
  };
}
