import type { IssuedToken } from '../../../../commands/token/commands.js';
import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { AccountView } from '../../../../projections/account/view.js';
import type { OwnKeyRow } from '../../../../projections/token/own-keys.js';
import { seconds } from '../../../present.js';
import { remainingQuota, tokenStatus } from '../../external/token/present.js';
import { keyStates } from './schema.js';

export const presentKey = (row: OwnKeyRow, account: Pick<AccountView, 'balance'>, now: Date) => ({
  token_id: row.tokenId,
  name: row.tokenName,
  key: row.keyMask,
  // The external API's numbers count from one.
  state: keyStates[tokenStatus(row, account, now) - 1],
  expires_at: row.limits.expires_at,
  quota_limit: row.limits.quota_limit,
  used_quota: row.usedQuota,
  used_usd: usdOfQuota(row.usedQuota),
  remain_quota: remainingQuota(row.limits.quota_limit, row.usedQuota, account),
  models: row.limits.models,
  allow_ips: row.limits.allow_ips,
  group: row.limits.group,
  issued_at: seconds(row.issuedAt),
  last_used_at: row.lastUsedAt === null ? null : seconds(row.lastUsedAt),
});

export const presentIssued = (token: IssuedToken) => ({
  token_id: token.tokenId,
  access_key: token.accessKey ?? null,
  key: token.keyMask,
  name: token.tokenName,
  expires_at: token.expiresAt,
  quota_limit: token.quotaLimit,
});
