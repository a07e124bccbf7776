// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, currencyField, instantField, minorField, uuidField } from '../stored/fields.js';

const reference = z.string().min(1).max(200);

export const strayEvents = {
  /** Money came to us of which nobody knows what it is for: no order of ours is named, or none that there is. Somebody has to look. */
  'stray-payment-flagged': z.object({
    flag_id: uuidField,
    provider_id: z.string().min(1).max(64),
    provider_payment: reference,
    /** What the provider says that it is for. */
    named_order: reference.nullable(),
    amount_minor: minorField,
    currency: currencyField,
    merchant: reference,
    paid_at: instantField,
    seen_by: z.enum(['notification', 'query', 'sweep', 'operator']),
    evidence_sha256: z.string().regex(/^[0-9a-f]{64}$/),
    by: actorField,
  }),
  'stray-payment-settled': z.object({
    flag_id: uuidField,
    /** `credit`: it was taken through the one door for an order. */
    decision: z.enum(['credit', 'refund', 'write-off']),
    credited_order: z.string().min(1).max(64).nullable(),
    /** Of no account, so that nothing of a person belongs into it. */
    reason: z.string().min(1).max(500),
    by: actorField,
  }),
};
