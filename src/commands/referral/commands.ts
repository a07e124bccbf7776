import type { ReferralTerms } from '../../domain/setting/referrals.js';
import type { Command } from '../handling/command.js';

export interface BindReferral {
  /** Whoever was invited. */
  readonly externalUserId: string;
  readonly inviterExternalUserId: string;
}

export interface EarnReward {
  readonly orderId: string;
  /** By the tables. */
  readonly creditedAt: Date;
  /** In force. */
  readonly terms: ReferralTerms;
  /** What whoever invited has earned in this month, by tables that have all of it. */
  readonly earnedThisMonth: bigint;
}

interface OfReferral {
  readonly referralId: string;
}

export interface ReferralCommands {
  /** What a front end forgot to say: by whom a user was invited. Orders that are credited from here on count. */
  readonly bindReferral: Command<BindReferral, OfReferral>;
  /** Fixes what a credited order brings to whoever invited its user, once an order. */
  readonly earnReward: Command<EarnReward, OfReferral>;
  /** Gives what an order brought and is due, and takes of it what went back of the order. */
  readonly settleReward: Command<{ readonly orderId: string }, { readonly orderId: string }>;
}
