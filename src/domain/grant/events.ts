// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, instantField, numericId, quotaField, uuidField } from '../stored/fields.js';
import { personText } from '../stored/person-text.js';

/** Why quota was given. */
export const grantKinds = ['bonus', 'code', 'referral', 'promo', 'plan', 'compensation'] as const;

/** What operators give by their own decision; the others follow from something. */
export const operatorGrantKinds = ['promo', 'compensation'] as const;

/** Of what nobody gave an order of burning, and of what was paid for. */
export const ORDINARY_PRIORITY = 100;

/** Of two lots that one burns first whose number is lower. */
export const priorityField = z.int().min(0).max(1_000);

const whose = { grant_id: uuidField, account_id: uuidField };

export const grantEvents = {
  /** Quota that nobody paid for here. One stream a source, so that it is given once. */
  'grant-given': z.object({
    ...whose,
    user_id: numericId,
    quota: quotaField,
    kind: z.enum(grantKinds),
    /** Its natural key: `order:<order id>`, `code:<hash>`. */
    source: z.string().min(1).max(200),
    priority: priorityField,
    /** Absent: never. */
    ends_at: instantField.optional(),
    reason: personText,
    by: actorField,
  }),
  /** No charge behind this burns it; what is left of it is what it will be taken back with. It moves nothing yet. */
  'grant-closed': z.object({
    ...whose,
    /** Its time was over, or somebody takes it back. */
    why: z.enum(['ended', 'withdrawn']),
    /** Keeps what is left from being spent until it is taken. */
    hold_id: uuidField.nullable(),
    reason: personText,
    by: actorField,
  }),
  /** Its time was over: what was left of it is gone. `hold_id` is null where nothing was left. */
  'grant-expired': z.object({
    ...whose,
    kind: z.enum(grantKinds),
    quota: quotaField,
    hold_id: uuidField.nullable(),
    by: actorField,
  }),
  /** Taken back: what was left of one that was closed for it, or a part of one that stays. */
  'grant-withdrawn': z.object({
    ...whose,
    kind: z.enum(grantKinds),
    /** One of a grant: `all`, or what the part is for. */
    withdrawal_id: z.string().min(1).max(200),
    quota: quotaField,
    hold_id: uuidField.nullable(),
    reason: personText,
    by: actorField,
  }),
};
