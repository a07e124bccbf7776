import type { ReferralTerms } from '../../domain/setting/referrals.js';
import type { Queryable } from '../runtime/projection.js';
import { countReferrals, listReferrals, type ReferralView, type RewardSums, rewardSums } from './query.js';

/** Whom an account invited, and what that brought. */
export interface OwnReferral {
  readonly terms: ReferralTerms;
  /** Counted up to a thousand and one. */
  readonly invited: number;
  readonly sums: RewardSums;
  readonly newest: readonly ReferralView[];
}

const MOST_COUNTED = 1_000;
/** Of one's own. */
const MOST_SHOWN = 100;

/** @param terms in force */
export async function readOwnReferral(
  db: Queryable,
  inviterId: string,
  { terms, now }: { readonly terms: ReferralTerms; readonly now: Date },
): Promise<OwnReferral> {
  const asked = { filter: { inviterId }, now };
  const [sums, invited, newest] = await Promise.all([
    rewardSums(db, inviterId, now),
    countReferrals(db, asked, MOST_COUNTED),
    listReferrals(db, asked, { limit: MOST_SHOWN }),
  ]);
  return { terms, sums, invited, newest };
}
