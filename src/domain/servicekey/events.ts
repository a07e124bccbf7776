// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField } from '../stored/fields.js';

const serviceKeyId = z.string().regex(/^\d{1,18}$/);

/** Who let a front end in, with which scopes, and who let it out again. The keys themselves are kept beside the log, hashed. */
export const serviceKeyEvents = {
  'service-key-created': z.object({
    service_key_id: serviceKeyId,
    name: z.string().min(1).max(100),
    scopes: z.array(z.string().min(1).max(50)).min(1).max(50),
    /** Where people may be led back to, since version 2. */
    return_origins: z.array(z.string().min(1).max(300)).max(20).optional(),
    by: actorField,
  }),
  'service-key-revoked': z.object({ service_key_id: serviceKeyId, by: actorField }),
};
