import { mayDo, type Role } from '../../../../domain/operator/roles.js';
import type { AccountRow, AccountView } from '../../../../projections/account/view.js';
import { usd } from '../../../present.js';
import { seconds } from '../paging.js';

export const presentRow = (row: AccountRow) => ({
  user_id: row.userId,
  external_user_id: row.externalUserId,
  username: row.username,
  group: row.group,
  status: row.erased ? 'erased' : row.suspended ? 'suspended' : 'enabled',
  current_quota: row.balance,
  current_balance: usd(row.balance),
  used_quota: row.usedQuota,
  total_requests: row.totalRequests,
  created_at: seconds(row.createdAt),
});

export function presentUser(account: AccountView, keys: number, role: Role) {
  const { personal, loginType, affCode } = account;
  const { display_name = '', email = '', phone = '' } = personal ?? {};
  return {
    ...presentRow(account),
    login_type: loginType,
    aff_code: affCode,
    personal: personal && mayDo(role, 'users:personal') ? { display_name, email, phone } : null,
    keys,
  };
}
