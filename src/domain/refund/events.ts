// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { personText } from '../stored/person-text.js';
import { actorField, currencyField, minorField, numericId, uuidField } from '../stored/fields.js';

/** `RF` and a ULID: what every provider takes as the number of a refund, and knows it by. */
const refundId = z.string().regex(/^RF[0-9A-HJKMNP-TV-Z]{26}$/);
const reference = z.string().min(1).max(200);
const ofRefund = { refund_id: refundId, order_id: z.string().min(1).max(64), account_id: uuidField };

export const refundEvents = {
  /** Somebody wants money of an order to go back. What that takes from the account is a `payment-refunded` under the same id. */
  'refund-requested': z.object({
    ...ofRefund,
    user_id: numericId,
    provider_id: z.string().min(1).max(64),
    /** Of the provider's configuration that the order was placed under. */
    provider_revision: z.int().min(0),
    provider_payment: reference,
    currency: currencyField,
    /** What goes back, in minor units of what was paid. */
    amount_minor: minorField,
    reason: personText,
    by: actorField,
  }),
  /** Its provider is asked now: what comes after it asks what became of it, before it asks again under the same id. */
  'refund-sent': z.object({ ...ofRefund, by: actorField }),
  'refund-succeeded': z.object({
    ...ofRefund,
    /** What the provider calls it, or the reference of a transfer. */
    provider_refund: reference.nullable(),
    by: actorField,
  }),
  /** It comes to nothing, and what was taken for it was given back. */
  'refund-failed': z.object({
    ...ofRefund,
    /** A code: of a refusal, or of the provider. */
    why: reference,
    by: actorField,
  }),
};
