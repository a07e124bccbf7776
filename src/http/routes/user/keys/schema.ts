import { z } from 'zod';
import { EPHEMERAL_QUOTA } from '../../../../domain/token/ephemeral.js';
import { nameText } from '../../../fields.js';
import { allowIps, expiresInDays, models, quotaLimit, tokenName } from '../../external/token/schema.js';
import { whole } from '../../admin/paging.js';

export const keyStates = ['enabled', 'disabled', 'expired', 'exhausted'] as const;

const group = nameText(0, 64).meta({
  maxLength: 64,
  description: 'absent or empty: your own one, whichever that is; another one is refused',
});

export const issueInput = z.object({
  name: tokenName,
  expires_in_days: expiresInDays.optional(),
  quota_limit: quotaLimit.optional(),
  models: models.optional(),
  allow_ips: allowIps.optional(),
  group: group.optional(),
});

export const keyReference = {
  id: whole(1, Number.MAX_SAFE_INTEGER).meta({ type: 'integer', description: '`token_id` of the key' }),
};

export const changeInput = z.object({
  ...keyReference,
  name: tokenName.optional(),
  state: z.enum(['enabled', 'disabled']).optional(),
  expires_in_days: expiresInDays.optional(),
  quota_limit: z
    .union([quotaLimit, z.literal('')])
    .meta({ description: 'the most this key may spend in its life; "" takes the limit away' })
    .optional(),
  models: models.optional(),
  allow_ips: allowIps.optional(),
  group: group.optional(),
});

export const ephemeralInput = z.object({
  quota_limit: quotaLimit
    .max(Number(EPHEMERAL_QUOTA))
    .default(Number(EPHEMERAL_QUOTA))
    .meta({ default: Number(EPHEMERAL_QUOTA), description: 'the most it may spend; $1 at most' }),
});

export const keyData = z
  .object({
    token_id: z.int(),
    name: z.string(),
    key: z.string().meta({ description: 'masked' }),
    state: z.enum(keyStates).meta({
      description: 'as it is now: a top-up revives an exhausted key by itself',
    }),
    expires_at: z.int().nullable().meta({ description: 'unix seconds; null: never' }),
    quota_limit: z
      .int()
      .nullable()
      .meta({ description: 'the most it may spend in its life; null: what you have' }),
    used_quota: z.int(),
    used_usd: z.string(),
    remain_quota: z.int().meta({ description: 'the lesser of what is left of its limit and what you have' }),
    models: z.array(z.string()).meta({ description: 'none: all' }),
    allow_ips: z.array(z.string()).meta({ description: 'none: from anywhere' }),
    group: z.string().nullable().meta({ description: 'null: yours' }),
    issued_at: z.int().meta({ description: 'unix seconds' }),
    last_used_at: z
      .int()
      .nullable()
      .meta({ description: 'of the last call that was answered; null: none was' }),
  })
  .meta({ id: 'OwnKey' });

export const issuedKey = z
  .object({
    token_id: z.int(),
    access_key: z
      .string()
      .nullable()
      .meta({ description: 'shown here and never again; null when a replay comes after a day' }),
    key: z.string().meta({ description: 'masked' }),
    name: z.string(),
    expires_at: z.int().nullable().meta({ description: 'unix seconds' }),
    quota_limit: z.int().nullable(),
  })
  .meta({ id: 'IssuedOwnKey' });

export const exampleKey = {
  token_id: 1,
  name: 'laptop',
  key: 'sk-3f8a...9c1d',
  state: 'enabled',
  expires_at: 1826755200,
  quota_limit: null,
  used_quota: 500000,
  used_usd: '1',
  remain_quota: 34245000,
  models: [],
  allow_ips: [],
  group: null,
  issued_at: 1795219200,
  last_used_at: 1795222800,
};

export const exampleIssued = {
  token_id: 1,
  access_key: 'sk-3f8a…the whole key, this once',
  key: 'sk-3f8a...9c1d',
  name: 'laptop',
  expires_at: 1826755200,
  quota_limit: null,
};
