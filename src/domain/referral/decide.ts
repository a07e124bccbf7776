import { accept, type Decider, type Decision, refuse, replay } from '../decider.js';
import { decimal, least, most, partOf } from '../money/decimal.js';
import { quotaOfUsd } from '../money/quota.js';
import type { ReferralTerms } from '../setting/referrals.js';
import { referralEvents } from './events.js';
import {
  type Bound,
  evolveReferral,
  type Referral,
  type ReferralEvent,
  type ReferralState,
} from './state.js';

export interface BindReferral {
  readonly type: 'bind';
  readonly terms: Bound;
}

/** An order of whoever was invited was credited. */
export interface EarnReward {
  readonly type: 'earn';
  readonly orderId: string;
  readonly credited: bigint;
  readonly creditedAt: Date;
  readonly terms: ReferralTerms;
  /** What whoever invited has earned in this month, with all whom they invited. */
  readonly earnedThisMonth: bigint;
  readonly by: string;
}

export type ReferralCommand = BindReferral | EarnReward;

function decide(command: ReferralCommand, state: ReferralState): Decision<ReferralEvent> {
  if (command.type === 'bind') return bind(command.terms, state);
  return state ? earn(command, state) : refuse({ code: 'referral_not_found' });
}

function bind(terms: Bound, state: ReferralState): Decision<ReferralEvent> {
  if (terms.inviter_id === terms.account_id) return refuse({ code: 'referral_own' });
  if (!state) return accept({ type: 'referral-bound', data: terms });
  return state.terms.inviter_id === terms.inviter_id ? replay() : refuse({ code: 'referral_bound' });
}

const DAY_MS = 86_400_000;

function earn(command: EarnReward, { terms, earned }: Referral): Decision<ReferralEvent> {
  const { orderId: order_id, credited, creditedAt, by } = command;
  if (earned.has(order_id)) return replay();
  const before = [...earned.values()].reduce((sum, each) => sum + each.quota, 0n);
  const { part, days, invitee_most_usd, month_most_usd } = command.terms;
  const promised = partOf(credited, part);
  const ofInvitee = leftOf(invitee_most_usd, before);
  const ofMonth = leftOf(month_most_usd, command.earnedThisMonth);
  const quota = [ofInvitee, ofMonth].reduce<bigint>(
    (so, left) => (left === undefined ? so : least(so, left)),
    promised,
  );
  const limited_by = quota === promised ? null : quota === ofInvitee ? 'invitee' : 'month';
  const due_at = new Date(creditedAt.getTime() + days * DAY_MS).toISOString();
  const { referral_id, account_id, inviter_id } = terms;
  return accept({
    type: 'referral-earned',
    data: { referral_id, account_id, inviter_id, order_id, credited, quota, limited_by, due_at, by },
  });
}

/** Undefined: as much as one likes. */
const leftOf = (mostUsd: string | null, before: bigint): bigint | undefined =>
  mostUsd === null ? undefined : most(quotaOfUsd(decimal(mostUsd)) - before, 0n);

export const referralDecider: Decider<ReferralState, ReferralCommand, ReferralEvent> = {
  initialState: () => undefined,
  evolve: evolveReferral,
  decide,
  events: referralEvents,
};
