// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, instantField, uuidField } from '../stored/fields.js';

/** Who the log is. A stream of its own, with the founding as its first event. */
export const ledgerEvents = {
  'ledger-founded': z.object({
    ledger_id: uuidField,
    founded_at: instantField,
    /** Of the names of streams and what stands in them. */
    format: z.literal(1),
    by: actorField,
  }),
  /** An older copy is the log from now on. What was made of the log in an earlier generation may be of events that it does not have. */
  'log-accepted': z.object({
    ledger_id: uuidField,
    generation: z.int().min(1),
    reason: z.string().min(1).max(500),
    by: actorField,
  }),
};
