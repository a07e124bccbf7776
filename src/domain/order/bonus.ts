import { decimal, least, roundedQuotient } from '../money/decimal.js';
import { quotaOfUsd } from '../money/quota.js';
import type { Payment } from '../payment/state.js';
import type { OrderTerms } from './state.js';

/** What a part of a bonus is withdrawn for begins with it. */
export const RETURNED = 'returned:';

/** The natural key of a bonus, and of what of it was given again after something had gone back. */
export const givenAgainSource = (orderId: string, times: number): string =>
  times === 0 ? `order:${orderId}` : `order:${orderId}:${times}`;

/** A grant of the bonus of an order. */
export interface HeldBonus {
  readonly quota: bigint;
  /** Nothing has burned it, nor was it withdrawn. */
  readonly left: bigint;
  /** What of it was withdrawn with money that went back. */
  readonly returned: bigint;
}

/** The bonus of what was credited: in proportion, where that is another amount than was ordered. */
export function bonusOf(
  { bonus_quota, credit_usd }: Pick<OrderTerms, 'bonus_quota' | 'credit_usd'>,
  { quota }: Pick<Payment, 'quota'>,
): bigint {
  const ordered = quotaOfUsd(decimal(credit_usd));
  return ordered > 0n ? roundedQuotient(bonus_quota * quota, ordered) : 0n;
}

/**
 * What brings a bonus to where its payment is. Of what was not used, the part is withdrawn that went back of the payment; what was used is no part
 * of it, so that in whatever order money goes and comes it ends alike.
 */
export function moveBonus(
  given: readonly HeldBonus[],
  bonus: bigint,
  { quota, refundedQuota, takenBack }: Pick<Payment, 'quota' | 'refundedQuota' | 'takenBack'>,
): {
  readonly give: bigint;
  readonly withdraw: readonly { readonly index: number; readonly quota: bigint }[];
} {
  const sum = (of: (held: HeldBonus) => bigint) => given.reduce((all, held) => all + of(held), 0n);
  const gone = least(refundedQuota + takenBack.refund + takenBack.dispute, quota);
  // What was never given, because it had gone back before, counts as withdrawn.
  const withdrawn = bonus - sum((held) => held.quota) + sum(({ returned }) => returned);
  const left = sum((held) => held.left);
  const wanted = roundedQuotient((withdrawn + left) * gone, quota);
  if (wanted < withdrawn) return { give: withdrawn - wanted, withdraw: [] };
  return { give: 0n, withdraw: partsOf(given, wanted - withdrawn) };
}

/** The newest first: what was given again goes again. */
function partsOf(given: readonly HeldBonus[], quota: bigint) {
  const parts: { index: number; quota: bigint }[] = [];
  let rest = quota;
  for (let index = given.length - 1; index >= 0 && rest > 0n; index--) {
    const part = least(given[index]?.left ?? 0n, rest);
    if (part > 0n) parts.push({ index, quota: part });
    rest -= part;
  }
  return parts;
}
