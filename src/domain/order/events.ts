// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { priorityField } from '../grant/events.js';
import { MOST_MONTHS, planIdField } from '../plan/events.js';
import { givenPersonText } from '../stored/person-text.js';
import {
  actorField,
  currencyField,
  instantField,
  minorField,
  numericId,
  quotaField,
  usdField,
  uuidField,
} from '../stored/fields.js';

/** `CF` and a ULID: what every provider takes as a reference. */
const orderId = z.string().regex(/^CF[0-9A-HJKMNP-TV-Z]{26}$/);
/** What a provider calls a payment, a checkout or a merchant. */
const reference = z.string().min(1).max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const seenBy = z.enum(['notification', 'query', 'sweep', 'operator']);
const ofOrder = { order_id: orderId, account_id: uuidField };

export const orderEvents = {
  /** Somebody means to pay. All that its price was made of, so that another rate or fee changes no order. */
  'order-placed': z.object({
    ...ofOrder,
    user_id: numericId,
    purpose: z.enum(['topup', 'plan']),
    provider_id: z.string().min(1).max(64),
    /** Of the provider's configuration: it verifies this order also when there is a newer one. */
    provider_revision: z.int().min(0),
    method: z.string().min(1).max(64),
    currency: currencyField,
    /** Before the discount. */
    list_minor: minorField,
    discount_minor: minorField,
    /** What the payer pays for the provider's. */
    fee_minor: minorField,
    /** What is to be paid: list, less discount, and fee. */
    pay_minor: minorField,
    /** Units of the currency for a dollar, as decimal text. */
    rate: z.string().min(1).max(32),
    /** What is credited. */
    credit_usd: usdField,
    /** Given beside it. */
    bonus_quota: quotaField,
    plan_version: z.int().min(1).optional(),
    expires_at: instantField,
    by: actorField,
  }),
  /** It is for a period of a plan, in this version. Written with the order itself. */
  'order-plan-chosen': z.object({
    ...ofOrder,
    plan_id: planIdField,
    plan_version: z.int().min(1),
    subscription_id: uuidField,
    /** Of that version: what is published later changes no order. */
    quota: quotaField,
    months: z.int().min(1).max(MOST_MONTHS),
    priority: priorityField,
  }),
  /** The provider has a checkout for it. */
  'order-opened': z.object({
    ...ofOrder,
    checkout_ref: reference,
    checkout_url: z.string().min(1).max(2_000).optional(),
    /** The text of a code to be scanned. */
    checkout_qr: z.string().min(1).max(2_000).optional(),
    /** What the payer is told to do. */
    instructions: z.string().min(1).max(2_000).optional(),
  }),
  /** Its money was seen. What is credited for it is a `payment-credited` under the order's id. */
  'order-paid': z.object({
    ...ofOrder,
    /** What the provider calls the payment. */
    provider_payment: reference,
    amount_minor: minorField,
    currency: currencyField,
    paid_at: instantField,
    seen_by: seenBy,
    /** Of what was seen, as it came. */
    evidence_sha256: sha256,
    by: actorField,
  }),
  /** It was not paid in time. Money that comes later is credited all the same. */
  'order-expired': z.object(ofOrder),
  'order-cancelled': z.object({ ...ofOrder, by: actorField }),
  /** The provider says that it comes to nothing. */
  'order-failed': z.object({ ...ofOrder, by: actorField }),
  /** Money came that does not fit, that cannot be credited, or of which one operator's word is too little: somebody has to look. */
  'order-flagged': z.object({
    ...ofOrder,
    flag_id: uuidField,
    kind: z.enum([
      'amount',
      'currency',
      'merchant',
      'second-payment',
      'uncreditable',
      'unconfirmed',
      'refund-failed',
    ]),
    provider_payment: reference,
    amount_minor: minorField,
    currency: currencyField,
    /** To whom it was paid, as the provider calls them. */
    merchant: reference,
    paid_at: instantField,
    seen_by: seenBy,
    evidence_sha256: sha256,
    /** Why it cannot be credited: a code. */
    refusal: z.string().min(1).max(64).optional(),
    by: actorField,
  }),
  /** The provider gave money back. What that takes from the account is a `payment-taken-back`. */
  'order-returned': z.object({
    ...ofOrder,
    provider_payment: reference,
    /** All that was given back of the payment so far. */
    returned_minor: minorField,
    seen_by: seenBy,
    evidence_sha256: sha256,
    by: actorField,
  }),
  /** Of what the provider gave back, this did not arrive: it is ours again. */
  'order-return-failed': z.object({
    ...ofOrder,
    provider_payment: reference,
    /** The refund: ours, or as the provider calls it. */
    refund_id: reference,
    amount_minor: minorField,
    /** A code of the provider. */
    why: reference,
    seen_by: seenBy,
    evidence_sha256: sha256,
    by: actorField,
  }),
  /** The payer's bank took money back, and who is right is not decided. */
  'order-disputed': z.object({
    ...ofOrder,
    provider_payment: reference,
    dispute_id: reference,
    amount_minor: minorField,
    seen_by: seenBy,
    evidence_sha256: sha256,
    by: actorField,
  }),
  'order-dispute-closed': z.object({
    ...ofOrder,
    provider_payment: reference,
    dispute_id: reference,
    amount_minor: minorField,
    outcome: z.enum(['won', 'lost']),
    /** Whether the ledger knew it as open before. */
    was_open: z.boolean(),
    seen_by: seenBy,
    evidence_sha256: sha256,
    by: actorField,
  }),
  'order-flag-settled': z.object({
    ...ofOrder,
    flag_id: uuidField,
    decision: z.enum(['credit', 'refund', 'write-off']),
    reason: givenPersonText,
    by: actorField,
  }),
};
