// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, instantField, positionField, uuidField } from '../stored/fields.js';

/** Who the log is. A stream of its own, with the founding as its first event. */
export const ledgerEvents = {
  'ledger-founded': z.object({
    ledger_id: uuidField,
    founded_at: instantField,
    /** Of the names of streams and what stands in them. */
    format: z.literal(1),
    by: actorField,
  }),
  /** From here on every event of the ledger is sealed with this key, until another such event names another. */
  'ledger-sealed': z.object({
    ledger_id: uuidField,
    key_id: z.string().regex(/^[0-9a-f]{8}$/),
    by: actorField,
  }),
  /** An older copy is the log from now on. What was made of the log in an earlier generation may be of events that it does not have. */
  'log-accepted': z.object({
    ledger_id: uuidField,
    generation: z.int().min(1),
    reason: z.string().min(1).max(500),
    by: actorField,
  }),
  /** A person has looked at a place of the log and said that nothing is to be made of what stands there, by anybody, ever. */
  'event-skipped': z.object({
    ledger_id: uuidField,
    position: positionField,
    /** What the person saw there; null where nothing stands, though something must. */
    event: z
      .object({
        id: z.string().max(100),
        stream: z.string().min(1).max(1_000),
        revision: positionField,
        /** As it is stored, with its version. */
        type: z.string().max(1_000),
      })
      .nullable(),
    reason: z.string().min(1).max(500),
    by: actorField,
  }),
};
