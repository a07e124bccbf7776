/**
 * Every reason for which the domain refuses a command. The HTTP error table turns a code into status and text;
 * nothing here knows HTTP.
 */
export type Refusal =
  | { readonly code: 'account_not_found' }
  | { readonly code: 'account_erased' }
  | { readonly code: 'account_suspended' }
  | { readonly code: 'username_taken' | 'email_taken' | 'aff_code_taken' | 'identity_taken' }
  | { readonly code: 'payment_not_found' }
  | { readonly code: 'payment_conflict'; readonly field: 'external_user_id' | 'amount_usd' }
  | { readonly code: 'balance_ceiling'; readonly max: bigint }
  | { readonly code: 'refund_conflict'; readonly field: 'amount_usd' | 'refund_id' }
  /** A refund at its provider: there is none, it is decided what became of it, or its provider is being asked. */
  | { readonly code: 'refund_not_found' | 'refund_over' | 'refund_under_way' }
  /** What becomes of a refund of an order is what its provider says. */
  | { readonly code: 'refund_of_order' }
  | { readonly code: 'refund_exceeds_payment'; readonly remainingUsd: string }
  | { readonly code: 'refund_exceeds_balance'; readonly needed: bigint; readonly available: bigint }
  | {
      readonly code: 'adjustment_conflict';
      readonly field: 'adjustment_id' | 'external_user_id' | 'quota' | 'reason';
    }
  /** A correction that was asked for: there is none, it was declined, it was made, or the one who asked cannot be the one who approves. */
  | { readonly code: 'adjustment_not_found' | 'adjustment_declined' | 'adjustment_made' | 'adjustment_own' }
  | { readonly code: 'adjustment_exceeds_balance'; readonly needed: bigint; readonly available: bigint }
  /** Quota that was given: under this source it was given otherwise, there is none, or it is over. New ones are turned on by GRANTS. */
  | { readonly code: 'grant_conflict'; readonly field: 'external_user_id' | 'quota' | 'kind' }
  | { readonly code: 'grant_not_found' | 'grant_over' | 'grants_off' }
  | { readonly code: 'grant_exceeds_balance'; readonly needed: bigint; readonly available: bigint }
  /**
   * A code that gives quota: it can be none, there is none, it is of no worth any more, or somebody else has used it; and a batch of them: there
   * is none, or under this reference there is another. New ones are turned on by CODES.
   */
  | { readonly code: 'code_malformed' | 'code_unknown' | 'code_void' | 'code_over' | 'code_used' }
  | { readonly code: 'code_guesses_most'; readonly max: number }
  | { readonly code: 'code_batch_not_found' | 'codes_off' }
  | {
      readonly code: 'code_batch_conflict';
      readonly field: 'name' | 'codes' | 'quota' | 'ends_at' | 'grant_days';
    }
  /** An inviter: there is no such code, it is one's own, somebody else was it first, or nobody was. New ones are turned on by REFERRALS. */
  | { readonly code: 'inviter_not_found' | 'referral_own' | 'referral_bound' | 'referral_not_found' }
  | { readonly code: 'referrals_off' }
  /**
   * A plan: there is none, it is none, it is not sold, or it is another one by now. New ones are turned on by PLANS. A subscription: there is none, it is
   * over, or its next period is paid for already.
   */
  | { readonly code: 'plan_not_found' | 'plan_not_offered' | 'plan_changed' | 'plans_off' }
  | { readonly code: 'plan_invalid'; readonly detail: string }
  | { readonly code: 'subscription_not_found' | 'subscription_over' | 'subscription_renewed' }
  /** A team: there is none, somebody is no member, or there are as many as there may be; and what may be spent in it. New ones are turned on by TEAMS. */
  | { readonly code: 'team_not_found' | 'team_member_not_found' | 'teams_off' | 'token_not_assigned' }
  | { readonly code: 'team_members_most'; readonly max: number }
  | { readonly code: 'budget_invalid'; readonly detail: string }
  /** Money of a provider that is no customer's: it is none, or what the provider calls so was booked otherwise. Turned on by CASH. */
  | { readonly code: 'cash_amount_invalid' | 'cash_off' }
  | { readonly code: 'cash_conflict'; readonly field: 'currency' | 'amount_minor' }
  | { readonly code: 'amount_invalid'; readonly field: 'amount_usd' | 'quota' }
  /** An order: there is none; its money was seen; the user has as many that are open, or placed as many in an hour, as they may. */
  | { readonly code: 'order_not_found' | 'order_paid' }
  | { readonly code: 'orders_open_most' | 'orders_hourly_most'; readonly max: number }
  /**
   * Money that does not fit an order: there is no such flag, it was decided otherwise, it cannot be credited to this
   * order, or whoever recorded it cannot be the one who confirms it.
   */
  | {
      readonly code:
        | 'order_flag_not_found'
        | 'order_flag_settled'
        | 'order_flag_uncreditable'
        | 'order_flag_own'
        | 'order_payment_taken';
    }
  | { readonly code: 'payment_provider_not_found' }
  | { readonly code: 'token_not_found' }
  | { readonly code: 'group_not_found'; readonly group: string }
  | { readonly code: 'idempotency_conflict' }
  | { readonly code: 'channel_not_found' }
  | { readonly code: 'channel_invalid'; readonly detail: string }
  | { readonly code: 'price_list_invalid'; readonly detail: string }
  /** Another list was published since the one that was changed. */
  | { readonly code: 'price_list_moved'; readonly version: number }
  | { readonly code: 'service_key_not_found' }
  | { readonly code: 'operator_not_found' | 'operator_exists' | 'operator_self' }
  | { readonly code: 'operator_invalid'; readonly detail: string }
  | { readonly code: 'password_unfit'; readonly min: number; readonly max: number }
  /** Nobody signs in to the account: not yet, or not any more. */
  | { readonly code: 'login_not_found' | 'login_closed' }
  | { readonly code: 'too_many_passkeys' }
  /** One of those that are guessed first. */
  | { readonly code: 'password_common' }
  | { readonly code: 'setting_invalid'; readonly detail: string }
  /** A text holds a NUL character or half of a surrogate pair, which no read model can store. */
  | { readonly code: 'text_invalid' };

export type RefusalCode = Refusal['code'];
