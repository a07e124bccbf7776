import { z } from 'zod';

/** An amount of dollars as decimal text. */
const usd = z.string().regex(/^\d{1,9}(\.\d{1,6})?$/);

/** What whoever invites somebody gets of each credited order of theirs. */
export const referralTerms = z.object({
  /** Of the credit, as decimal text: `0.1`. 0: nothing. */
  part: z.string().regex(/^0(\.\d{1,6})?$/),
  /** It is given so many days of 24 hours after the credit. */
  days: z.int().min(0).max(365),
  /** What one invited person brings at most, in all. Null: no limit. */
  invitee_most_usd: usd.nullable(),
  /** What somebody earns at most in a month of the ledger's zone, with all whom they invited. Null: no limit. */
  month_most_usd: usd.nullable(),
});
export type ReferralTerms = z.infer<typeof referralTerms>;

export const firstReferralTerms: ReferralTerms = {
  part: '0',
  days: 7,
  invitee_most_usd: '100',
  month_most_usd: '1000',
};
