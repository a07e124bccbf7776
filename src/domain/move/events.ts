// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, uuidField } from '../stored/fields.js';

/** Where a log is kept. */
const kindField = z.enum(['eventstoredb', 'postgres']);
const placeField = z.string().regex(/^-?\d{1,19}$/);

/**
 * What a log is among the logs that a ledger has had. A stream of the log itself: a copy does not have that of the log it is made of, and
 * all else.
 */
export const moveEvents = {
  /** The first event of a log that is made as a copy of another. Until the copy is finished it is nobody's log. */
  'log-copy-begun': z.object({ ledger_id: uuidField, copy_id: uuidField, from: kindField, by: actorField }),
  /**
   * All of the other log is here, in its order: what stands before this event was recorded when its metadata says, and only that is
   * believed. `generation` is the ledger's from here on; `until` where the other log ended; `tables` what the read models were by then.
   */
  'log-copied': z.object({
    ledger_id: uuidField,
    copy_id: uuidField,
    from: kindField,
    generation: z.int().min(1),
    events: z.int().min(0),
    until: placeField,
    tables: z.array(
      z.object({
        table: z.string().max(200),
        rows: z.int().min(0),
        digest: z.string().regex(/^[0-9a-f]{32}$/),
      }),
    ),
    by: actorField,
  }),
  /** Nothing follows: the ledger's log is the copy from here on. `place` is where that is, without secrets. */
  'log-closed': z.object({
    ledger_id: uuidField,
    copy_id: uuidField,
    to: kindField,
    place: z.string().min(1).max(500),
    by: actorField,
  }),
};
