// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField } from '../stored/fields.js';
import { factorKinds } from '../login/events.js';
import { roles } from './roles.js';

/** The name an operator logs in with; part of a stream's name, and of the actor `operator:<name>`. */
export const operatorName = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{1,31}$/, '2 to 32 of a-z, 0-9, . _ -, the first a letter');
const role = z.enum(roles);
const factor = z.enum(factorKinds);

/** Who was allowed what, and since when. Passwords are kept beside the log; that one was changed is told here. */
export const operatorEvents = {
  'operator-created': z.object({ name: operatorName, role, by: actorField }),
  'operator-role-changed': z.object({ name: operatorName, role, by: actorField }),
  'operator-disabled': z.object({ name: operatorName, reason: z.string().max(500), by: actorField }),
  'operator-enabled': z.object({ name: operatorName, by: actorField }),
  'operator-password-changed': z.object({ name: operatorName, by: actorField }),
  /** What is asked for beside the password; secrets and codes are kept beside the log, under `factor_id`. */
  'operator-second-factor-added': z.object({
    name: operatorName,
    factor,
    factor_id: z.string().max(200),
    by: actorField,
  }),
  'operator-second-factor-removed': z.object({
    name: operatorName,
    factor,
    factor_id: z.string().max(200),
    by: actorField,
  }),
};
