import type { IssuedToken } from '../../../../commands/token/commands.js';
import type { AccountView } from '../../../../projections/account/view.js';
import type { TokenView } from '../../../../projections/token/view.js';

export const tokenTexts = {
  created: { zh: 'Token创建成功', en: 'Token created' },
  changed: { zh: 'Token更新成功', en: 'Token updated' },
  reset: { zh: 'Token重置成功', en: 'Token reset' },
  deleted: { zh: 'Token删除成功', en: 'Token deleted' },
};

export function presentIssued(token: IssuedToken, remainQuota: bigint) {
  return {
    token_id: token.tokenId,
    access_key: token.accessKey ?? null,
    key: token.keyMask,
    token_name: token.tokenName,
    expires_at: token.expiresAt,
    remain_quota: remainQuota,
  };
}

/** The numbers the external API has always shown. */
const status = { enabled: 1, disabled: 2, expired: 3, exhausted: 4 };

type Owner = Pick<AccountView, 'balance'>;

/** Derived at each read, never stored: a top-up revives an exhausted key by itself. */
export function tokenStatus(token: TokenView, owner: Owner, now: Date): number {
  const { expires_at: expiresAt } = token.limits;
  if (token.disabled) return status.disabled;
  if (expiresAt !== null && expiresAt * 1000 <= now.getTime()) return status.expired;
  return remainingQuota(token.limits.quota_limit, token.usedQuota, owner) > 0n
    ? status.enabled
    : status.exhausted;
}

/** What the key can still spend: the live balance, or less where the key's own limit is nearer. */
export function remainingQuota(quotaLimit: bigint | null, usedQuota: bigint, owner: Owner): bigint {
  if (quotaLimit === null) return owner.balance;
  const left = quotaLimit - usedQuota;
  return left < owner.balance ? left : owner.balance;
}

export function presentToken(token: TokenView, owner: Owner, now: Date) {
  const { limits } = token;
  return {
    id: token.tokenId,
    name: token.tokenName,
    key: token.keyMask,
    status: tokenStatus(token, owner, now),
    expired_time: limits.expires_at ?? -1,
    remain_quota: remainingQuota(limits.quota_limit, token.usedQuota, owner),
    used_quota: token.usedQuota,
    quota_limit: limits.quota_limit,
    models: limits.models,
    allow_ips: limits.allow_ips,
    group: limits.group,
  };
}
