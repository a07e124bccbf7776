import { z } from 'zod';
import { usdOfQuota } from '../../../domain/money/quota.js';
import type { GrantView } from '../../../projections/grant/query.js';

/** Of one's own grants. */
export const MOST_SHOWN = 100;

const time = z.iso.datetime();
const quota = z.int();
const usd = z.string().meta({ description: 'exact decimal text' });

/** What its user sees of it: not who gave it, nor why. */
const ownFields = {
  grant_id: z.uuid(),
  kind: z.string().meta({ description: '`bonus`, `code`, `referral`, `promo`, `plan`, `compensation`' }),
  status: z.enum(['open', 'closed', 'expired', 'withdrawn']).meta({
    description: '`closed`: nothing burns it any more, and what is left of it is about to be taken',
  }),
  quota,
  usd,
  remaining_quota: quota.meta({ description: 'what of it is in the balance' }),
  remaining_usd: usd,
  expired_quota: quota,
  withdrawn_quota: quota,
  ends_at: time.nullable().meta({ description: 'null: never' }),
  given_at: time,
  ended_at: time.nullable(),
};

export const ownGrantData = z.object(ownFields).meta({ id: 'OwnGrant' });

export const grantData = z
  .object({
    ...ownFields,
    external_user_id: z.string(),
    source: z.string().meta({ description: 'its natural key: one grant a source' }),
    priority: z.int().meta({ description: 'of two lots the lower burns first; what was paid for has 100' }),
    reason: z.string(),
    given_by: z.string(),
    withdrawn_by: z.string().nullable(),
    withdrawn_because: z.string().nullable(),
  })
  .meta({ id: 'Grant' });

export const presentOwnGrant = (grant: GrantView) => ({
  grant_id: grant.grantId,
  kind: grant.kind,
  status: grant.status,
  quota: grant.quota,
  usd: usdOfQuota(grant.quota),
  remaining_quota: grant.remaining,
  remaining_usd: usdOfQuota(grant.remaining),
  expired_quota: grant.expired,
  withdrawn_quota: grant.withdrawn,
  ends_at: grant.endsAt?.toISOString() ?? null,
  given_at: grant.givenAt.toISOString(),
  ended_at: grant.endedAt?.toISOString() ?? null,
});

export const presentGrant = (grant: GrantView) => ({
  ...presentOwnGrant(grant),
  external_user_id: grant.externalUserId,
  source: grant.source,
  priority: grant.priority,
  reason: grant.reason,
  given_by: grant.givenBy,
  withdrawn_by: grant.withdrawnBy,
  withdrawn_because: grant.withdrawnBecause,
});

export const exampleOwnGrant = {
  grant_id: '6f0d7bb1-7d0c-5f0e-9a55-3c1f0c2f6c01',
  kind: 'promo',
  status: 'open' as const,
  quota: 2500000,
  usd: '5',
  remaining_quota: 1250000,
  remaining_usd: '2.5',
  expired_quota: 0,
  withdrawn_quota: 0,
  ends_at: '2026-12-31T16:00:00.000Z',
  given_at: '2026-11-30T08:00:00.000Z',
  ended_at: null,
};

export const exampleGrant = {
  ...exampleOwnGrant,
  external_user_id: 'user_001',
  source: 'operator:spring-1',
  priority: 100,
  reason: 'spring campaign',
  given_by: 'operator:ann',
  withdrawn_by: null,
  withdrawn_because: null,
};
