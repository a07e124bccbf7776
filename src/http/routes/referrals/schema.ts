import { z } from 'zod';
import { usdOfQuota } from '../../../domain/money/quota.js';
import type { AccountView } from '../../../projections/account/view.js';
import type { OwnReferral } from '../../../projections/referral/own.js';
import type { ReferralView, RewardSums } from '../../../projections/referral/query.js';

const time = z.iso.datetime();
const quota = z.int();
const usd = z.string().meta({ description: 'exact decimal text' });

const sums = {
  orders: z.int().meta({ description: 'that were credited' }),
  pending_quota: quota.meta({
    description: 'fixed, and given when its time comes, unless the money goes back before',
  }),
  pending_usd: usd,
  given_quota: quota,
  given_usd: usd,
  withdrawn_quota: quota.meta({ description: 'of what was given, taken back with money that went back' }),
  withdrawn_usd: usd,
};

const presentSums = ({ orders, pending, given, withdrawn }: RewardSums) => ({
  orders,
  pending_quota: Number(pending),
  pending_usd: usdOfQuota(pending),
  given_quota: Number(given),
  given_usd: usdOfQuota(given),
  withdrawn_quota: Number(withdrawn),
  withdrawn_usd: usdOfQuota(withdrawn),
});

/** Of somebody who was invited nothing is told but when, and what it brought. */
const invitedData = z.object({ invited_at: time, ...sums }).meta({ id: 'Invited' });

/** What front ends and people are told of whom a user invited. */
export const ownReferralData = z
  .object({
    aff_code: z.string().meta({ description: "the user's own referral code; empty: there is none" }),
    part: z.string().meta({ description: 'of the credit of an order, which it brings: decimal text, `0.1`' }),
    days: z.int().meta({ description: 'after the credit, when it is given' }),
    invited: z.int().meta({ description: 'people, counted up to 1001' }),
    ...sums,
    newest: z.array(invitedData).meta({ description: 'of those who were invited, the newest 100' }),
  })
  .meta({ id: 'OwnReferral' });

export const presentOwnReferral = (
  { affCode }: Pick<AccountView, 'affCode'>,
  { terms: { part, days }, invited, sums: all, newest }: OwnReferral,
) => ({
  aff_code: affCode,
  part,
  days,
  invited,
  ...presentSums(all),
  newest: newest.map((each) => ({ invited_at: each.boundAt.toISOString(), ...presentSums(each) })),
});

export const referralData = z
  .object({
    external_user_id: z.string(),
    inviter_external_user_id: z.string(),
    invited_at: time,
    bound_by: z.string().meta({ description: 'who said so' }),
    ...sums,
  })
  .meta({ id: 'Referral' });

export const presentReferral = (referral: ReferralView) => ({
  external_user_id: referral.externalUserId,
  inviter_external_user_id: referral.inviterExternalUserId,
  invited_at: referral.boundAt.toISOString(),
  bound_by: referral.boundBy,
  ...presentSums(referral),
});

const exampleSums = {
  ...{
    orders: 2,
    pending_quota: 3521126,
    pending_usd: '7.042252',
    given_quota: 704225,
    given_usd: '1.40845',
  },
  ...{ withdrawn_quota: 0, withdrawn_usd: '0' },
};
const invited_at = '2026-11-30T08:00:00.000Z';
export const exampleOwnReferral = {
  ...{ aff_code: 'ANN7', part: '0.1', days: 7, invited: 1, ...exampleSums },
  newest: [{ invited_at, ...exampleSums }],
};
export const exampleReferral = {
  ...{ external_user_id: 'user_002', inviter_external_user_id: 'user_001', invited_at },
  ...{ bound_by: 'service-key:shop', ...exampleSums },
};
