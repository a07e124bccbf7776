import { z } from 'zod';
import { parseDecimal } from '../../../../domain/money/decimal.js';
import { externalUserIdField, nameText, text } from '../../../fields.js';
import { exactNumber, NumberText } from '../../../json/number-text.js';
import { complaints } from '../../../validation.js';
import { nextAfter, pageInput } from '../paging.js';

const statuses = ['enabled', 'suspended', 'erased'] as const;
export const reason = text(1, 500).meta({ description: 'why; it is recorded' });

export const searchInput = z.object({
  q: text(1, 100)
    .meta({ description: 'the number, the beginning of the external id, or a part of the username' })
    .optional(),
  group: text(1, 64).optional(),
  status: z.enum(statuses).optional(),
  ...pageInput,
});

const row = {
  user_id: z.int(),
  external_user_id: z.string(),
  username: z.string(),
  group: z.string(),
  status: z.enum(statuses),
  current_quota: z.int(),
  current_balance: z.number(),
  used_quota: z.int(),
  total_requests: z.int(),
  created_at: z.int().meta({ description: 'unix seconds' }),
};
export const searchData = z.object({ users: z.array(z.object(row)), next_after: nextAfter });

export const referenceInput = z.object({ external_user_id: externalUserIdField });
export const reasonInput = z.object({ external_user_id: externalUserIdField, reason });
export const groupInput = z.object({ external_user_id: externalUserIdField, group: nameText(1, 64) });

export const userData = z.object({
  ...row,
  login_type: z.string(),
  aff_code: z.string(),
  personal: z
    .object({ display_name: z.string(), email: z.string(), phone: z.string() })
    .nullable()
    .meta({ description: 'null after an erasure, and for roles without `users:personal`' }),
  keys: z.int().meta({ description: 'access keys that are not revoked' }),
});

const wrong = complaints.type(
  '应为非零金额，最多 6 位小数',
  'must be an amount other than 0 with at most 6 places',
);

/** Dollars to give, or with a minus to take, as the digits that were written. */
export const signedUsd = z
  .custom<NumberText | string>((value) => value instanceof NumberText || typeof value === 'string', {
    params: wrong,
  })
  .transform((value, context) => {
    const amount = value instanceof NumberText ? exactNumber(value.text) : parseDecimal(value);
    if (amount && amount.unscaled !== 0n && amount.scale <= 6) return amount;
    context.addIssue({ code: 'custom', params: { ...wrong } });
    return z.NEVER;
  })
  .meta({ type: ['number', 'string'], examples: [12.5, '-0.02'], description: 'dollars; negative to take' });

export const adjustInput = z.object({
  external_user_id: externalUserIdField,
  amount_usd: signedUsd,
  reason,
  adjustment_id: nameText(1, 200)
    .meta({ description: 'the same id again does nothing; absent: the Idempotency-Key' })
    .optional(),
});

export const adjustData = z.object({
  adjustment_id: z.string(),
  external_user_id: z.string(),
  quota: z.int(),
  status: z.enum(['made', 'pending']),
  current_quota: z.int(),
  current_balance: z.number(),
});
