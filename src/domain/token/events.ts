// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { givenPersonText, personText } from '../stored/person-text.js';
import { actorField, groupField, numericId, quotaField, uuidField } from '../stored/fields.js';

/**
 * What a key may do. `expires_at` in unix seconds. Null and empty mean: no limit of that kind. Models and addresses are what somebody
 * wrote, and sealed since version 2.
 */
export const tokenLimits = z.object({
  expires_at: z.int().min(0).nullable(),
  quota_limit: quotaField.nullable(),
  models: z.array(personText).max(500),
  allow_ips: z.array(personText).max(200),
  group: groupField.nullable(),
});
export type TokenLimits = z.infer<typeof tokenLimits>;

/** The key itself is never stored: a keyed hash to find it by, and a mask to show. */
const accessKey = { key_hash: z.hex().length(64), key_mask: z.string().max(40) };

/** Why: where somebody said so; sealed since version 3, as names are since version 2. */
const switched = z.object({
  token_id: numericId,
  reason: givenPersonText.optional(),
  by: actorField,
});

export const tokenEvents = {
  'token-issued': z.object({
    token_id: numericId,
    account_id: uuidField,
    user_id: numericId,
    token_name: givenPersonText,
    ...accessKey,
    limits: tokenLimits,
    by: actorField,
  }),
  'token-renamed': z.object({
    token_id: numericId,
    token_name: givenPersonText,
    by: actorField,
  }),
  'token-limits-changed': z.object({ token_id: numericId, limits: tokenLimits, by: actorField }),
  'token-disabled': switched,
  'token-enabled': switched,
  'token-rotated': z.object({ token_id: numericId, ...accessKey, by: actorField }),
  'token-revoked': switched,
  /** Whose it is of a team: the account's of somebody, as whose calls its calls count. */
  'token-assigned': z.object({
    token_id: numericId,
    account_id: uuidField,
    member_id: uuidField,
    by: actorField,
  }),
};
