// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { instantField, numericId, quotaField, uuidField } from '../stored/fields.js';

export const leaseEvents = {
  /**
   * The process that held a lease (ADR 0050) died: what the lease claimed of the account is given back. What calls in it were charged is in the log
   * by their own events; those that were open in it are known to nobody and cost nothing. No posting follows from it.
   */
  'lease-abandoned': z.object({
    /** The hold's own id. */
    lease_id: uuidField,
    account_id: uuidField,
    /** Whose calls it was for. */
    token_id: numericId,
    /** Host and process id. */
    holder: z.string().min(1).max(100),
    hold_quota: quotaField,
    /** Calls may have been admitted out of it from then on … */
    taken_at: instantField,
    /** … and none any more from then on. */
    ended_at: instantField,
  }),
};
