// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { givenPersonText, personText } from '../stored/person-text.js';
import { actorField, numericId, quotaField, usdField, uuidField } from '../stored/fields.js';

export const paymentEvents = {
  /** The credit itself. One stream a payment_id, so that it can happen once. */
  'payment-credited': z.object({
    payment_id: z.string().min(1).max(200),
    account_id: uuidField,
    user_id: numericId,
    amount_usd: usdField,
    quota: quotaField,
    by: actorField,
    /** What the front end noted of it: up to 200 code points. Absent in version 1, sealed since version 3. */
    note: givenPersonText.optional(),
  }),
  /** Takes back (part of) the credit. `hold_id` names the hold that kept the quota from being spent meanwhile. */
  'payment-refunded': z.object({
    payment_id: z.string().min(1).max(200),
    refund_id: z.string().min(1).max(200),
    account_id: uuidField,
    user_id: numericId,
    amount_usd: usdField,
    quota: quotaField,
    hold_id: uuidField,
    /** Sealed since version 2. */
    reason: personText,
    by: actorField,
  }),
  /**
   * Money of an order went back at its provider, or came again: the quota follows it, without a hold, so that the balance may go below zero
   * (ADR 0033).
   */
  'payment-taken-back': z.object({
    payment_id: z.string().min(1).max(200),
    /** One of a payment: `refund:1`. */
    return_id: z.string().min(1).max(200),
    kind: z.enum(['refund', 'dispute']),
    account_id: uuidField,
    user_id: numericId,
    /** Below zero where it comes again, as the quota. */
    amount_usd: usdField,
    quota: quotaField,
    by: actorField,
  }),
  /** What was taken for a refund that came to nothing at its provider comes again. */
  'payment-refund-reversed': z.object({
    payment_id: z.string().min(1).max(200),
    refund_id: z.string().min(1).max(200),
    account_id: uuidField,
    user_id: numericId,
    amount_usd: usdField,
    quota: quotaField,
    /** A code: of a refusal, or of the provider. */
    why: z.string().min(1).max(200),
    by: actorField,
  }),
};
