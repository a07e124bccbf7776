import { z } from 'zod';
import { MAX_BALANCE } from '../../../../domain/money/quota.js';
import { complaints } from '../../../validation.js';
import { addressField, externalUserIdField, nameText } from '../../../fields.js';

export const tokenName = nameText(1, 100);
/** Numbers that no token has are not found; 0 is what programs send that have none. */
const tokenId = z
  .int()
  .refine((id) => id !== 0, { params: complaints.required })
  .meta({ examples: [1] });

/** Nobody sells a key without an end to a front end: absent or 0 is a year. */
export const expiresInDays = z.int().min(0).max(3650).meta({ description: 'absent or 0: 365' });
export const quotaLimit = z
  .int()
  .min(1)
  .max(Number(MAX_BALANCE))
  .meta({ description: "the most this key may spend in its life; absent: the user's live balance" });
export const models = z
  .array(nameText(1, 200))
  .max(500)
  .meta({ description: 'absent or empty: all models; `*` in a name stands for any text' });
export const allowIps = z
  .array(addressField)
  .max(200)
  .meta({ description: 'addresses or CIDR blocks; absent or empty: from anywhere' });
const group = nameText(0, 64).meta({ maxLength: 64, description: "absent or empty: the user's group" });

export const issueInput = z.object({
  external_user_id: externalUserIdField,
  token_name: tokenName,
  expires_in_days: expiresInDays.optional(),
  quota_limit: quotaLimit.optional(),
  models: models.optional(),
  allow_ips: allowIps.optional(),
  group: group.optional(),
});

const tokenReference = { external_user_id: externalUserIdField, token_id: tokenId };

export const changeInput = z.object({
  ...tokenReference,
  token_name: tokenName.optional(),
  status: z.literal([1, 2]).meta({ description: '1 enabled, 2 disabled' }).optional(),
  expires_in_days: expiresInDays.optional(),
  quota_limit: z
    .union([quotaLimit, z.literal('')])
    .meta({ description: 'the most this key may spend in its life; "" takes the limit away' })
    .optional(),
  models: models.optional(),
  allow_ips: allowIps.optional(),
  group: group.optional(),
});

export const referenceInput = z.object(tokenReference);

export const issuedData = z
  .object({
    token_id: z.int(),
    access_key: z
      .string()
      .nullable()
      .meta({ description: 'shown here and never again; null when a replay comes after a day' }),
    key: z.string().meta({ description: 'masked' }),
    token_name: z.string(),
    expires_at: z.int().nullable().meta({ description: 'unix seconds' }),
    remain_quota: z.int(),
  })
  .meta({ id: 'IssuedToken' });

export const referenceData = z.object({ token_id: z.int(), external_user_id: z.string() });

export const tokenData = z
  .object({
    id: z.int(),
    name: z.string(),
    key: z.string().meta({ description: 'masked to the first and last four' }),
    status: z.int().meta({ description: '1 enabled, 2 disabled, 3 expired, 4 exhausted' }),
    expired_time: z.int().meta({ description: 'unix seconds; -1: never' }),
    remain_quota: z.int(),
    used_quota: z.int(),
    quota_limit: z.int().nullable(),
    models: z.array(z.string()),
    allow_ips: z.array(z.string()),
    group: z.string().nullable(),
  })
  .meta({ id: 'Token' });
