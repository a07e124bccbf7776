// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { givenPersonText } from '../stored/person-text.js';
import { actorField, numericId, quotaField, uuidField } from '../stored/fields.js';

export const adjustmentEvents = {
  /** An operator's correction; `quota` is signed. A negative one names the hold that kept the quota from being spent meanwhile. */
  'balance-adjusted': z.object({
    adjustment_id: z.string().min(1).max(200),
    account_id: uuidField,
    user_id: numericId,
    quota: quotaField,
    hold_id: uuidField.nullable(),
    /** Sealed since version 2. */
    reason: givenPersonText,
    by: actorField,
    /** Who asked for it, where another operator approved it: that is who it is by. Since version 3. */
    requested_by: actorField.optional(),
  }),
  /** A correction that needs the approval of another operator. It moves nothing yet. */
  'adjustment-requested': z.object({
    adjustment_id: z.string().min(1).max(200),
    account_id: uuidField,
    user_id: numericId,
    quota: quotaField,
    reason: givenPersonText,
    by: actorField,
  }),
  /** It is not made, and cannot be asked for again under this id. */
  'adjustment-declined': z.object({
    adjustment_id: z.string().min(1).max(200),
    account_id: uuidField,
    reason: givenPersonText,
    by: actorField,
  }),
  /** The doubt in a call's charge is settled: it stands as it was charged. Where it does not, a `balance-adjusted` of the same stream settles it. */
  'doubt-accepted': z.object({
    adjustment_id: z.string().min(1).max(200),
    account_id: uuidField,
    user_id: numericId,
    call_id: uuidField,
    /** What the call was charged. */
    quota: quotaField,
    /** Sealed since version 2. */
    reason: givenPersonText,
    by: actorField,
  }),
};
