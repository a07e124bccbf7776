// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, instantField, quotaField, uuidField } from '../stored/fields.js';

/** Accounts, by their ids: whoever was invited, and by whom. */
const whose = { referral_id: uuidField, account_id: uuidField, inviter_id: uuidField };

export const referralEvents = {
  /** Somebody was invited by somebody else: once, and for ever. */
  'referral-bound': z.object({ ...whose, by: actorField }),
  /** An order of whoever was invited was credited. What that brings is fixed now, and given later: a grant, whose source names the order. */
  'referral-earned': z.object({
    ...whose,
    order_id: z.string().min(1).max(64),
    /** What the order was credited. */
    credited: quotaField,
    /** 0 where a limit left nothing. */
    quota: quotaField,
    /** The limit that left less than the part of the credit that was promised. */
    limited_by: z.enum(['invitee', 'month']).nullable(),
    due_at: instantField,
    by: actorField,
  }),
};
