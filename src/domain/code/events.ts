// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, instantField, quotaField, uuidField } from '../stored/fields.js';

/** Of one batch: what an operator can print, and a reader can hold. */
export const MOST_CODES = 10_000;

/** Of one event, so that it stays far below what an append carries. */
export const CODES_AN_EVENT = 1_000;

/** A grant of a code that ends: so many days of 24 hours after the code was used. */
export const grantDaysField = z.int().min(1).max(3_650);

/** What a code is found by. Only who has the ledger's first master key can make one of a code. */
export const codeHashField = z.string().regex(/^[0-9a-f]{64}$/);

/** Of no account, so that nothing of a person belongs into it. */
const reason = z.string().min(1).max(500);

export const codeEvents = {
  /** Codes that each give the same. A code that is used is no event of its own: it is the grant whose source it is. */
  'code-batch-made': z.object({
    batch_id: uuidField,
    /** What operators call it, and why its grants are given. */
    name: z.string().min(1).max(100),
    codes: z.int().min(1).max(MOST_CODES),
    /** What each of them gives. */
    quota: quotaField,
    /** From here on none of them is taken. */
    ends_at: instantField,
    /** Null: what they give does not end. */
    grant_days: grantDaysField.nullable(),
    by: actorField,
  }),
  /** Some of its codes. A batch has those that were filled in. */
  'code-batch-filled': z.object({
    batch_id: uuidField,
    hashes: z.array(codeHashField).min(1).max(CODES_AN_EVENT),
  }),
  'code-voided': z.object({ batch_id: uuidField, code_hash: codeHashField, reason, by: actorField }),
  /** All of its codes that were not used. */
  'code-batch-voided': z.object({ batch_id: uuidField, reason, by: actorField }),
};
