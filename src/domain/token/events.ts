// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { actorField, groupField, modelField, numericId, quotaField, uuidField } from '../stored/fields.js';

/** What a key may do. `expires_at` in unix seconds. Null and empty mean: no limit of that kind. */
export const tokenLimits = z.object({
  expires_at: z.int().min(0).nullable(),
  quota_limit: quotaField.nullable(),
  models: z.array(modelField).max(500),
  allow_ips: z.array(z.string().min(2).max(64)).max(200),
  group: groupField.nullable(),
});
export type TokenLimits = z.infer<typeof tokenLimits>;

/** The key itself is never stored: a keyed hash to find it by, and a mask to show. */
const accessKey = { key_hash: z.hex().length(64), key_mask: z.string().max(40) };

/** Why: where somebody said so. */
const switched = z.object({
  token_id: numericId,
  reason: z.string().min(1).max(1000).optional(),
  by: actorField,
});

export const tokenEvents = {
  'token-issued': z.object({
    token_id: numericId,
    account_id: uuidField,
    user_id: numericId,
    token_name: z.string().min(1).max(100),
    ...accessKey,
    limits: tokenLimits,
    by: actorField,
  }),
  'token-renamed': z.object({
    token_id: numericId,
    token_name: z.string().min(1).max(100),
    by: actorField,
  }),
  'token-limits-changed': z.object({ token_id: numericId, limits: tokenLimits, by: actorField }),
  'token-disabled': switched,
  'token-enabled': switched,
  'token-rotated': z.object({ token_id: numericId, ...accessKey, by: actorField }),
  'token-revoked': switched,
};
