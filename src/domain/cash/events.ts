// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import {
  actorField,
  currencyField,
  instantField,
  minorField,
  quotaField,
  uuidField,
} from '../stored/fields.js';

/** What happens to money at a provider that is no customer's. `fee-returned`, `payout-returned`: it came again. */
export const cashKinds = ['fee', 'fee-returned', 'payout', 'payout-returned'] as const;

export const cashEvents = {
  /** Once what its provider calls so: reading a file of theirs twice books nothing twice. */
  'cash-booked': z.object({
    cash_id: uuidField,
    provider_id: z.string().min(1).max(64),
    kind: z.enum(cashKinds),
    /** What the provider calls it. */
    reference: z.string().min(1).max(200),
    currency: currencyField,
    amount_minor: minorField,
    /** What that is in the ledger's unit, by the rate it was booked at. */
    quota: quotaField,
    /** When it happened there. */
    at: instantField,
    /** Of the provider's file that says so; null: somebody booked it by hand. */
    evidence_sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
    /** Of no account, so that nothing of a person belongs into it. */
    reason: z.string().min(1).max(500),
    by: actorField,
  }),
};
