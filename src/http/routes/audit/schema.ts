import { z } from 'zod';
import { positionOf } from '../../../books/audit/moment.js';
import { externalUserIdField, text } from '../../fields.js';
import { complaints } from '../../validation.js';
import { credit, owner, position, quota, time, usd } from './shapes.js';

const positionField = z
  .string()
  .transform((value, context) => {
    const position = positionOf(value);
    if (position !== undefined) return position;
    context.addIssue({
      code: 'custom',
      params: { ...complaints.type('应为 -1 或非负整数', 'must be -1 or a whole number') },
    });
    return z.NEVER;
  })
  .meta({ type: 'integer', minimum: -1, description: 'a position of the log; -1 is before the first event' });

export const balanceInput = z.object({
  external_user_id: externalUserIdField,
  as_of: text(1, 40)
    .meta({
      description:
        "a day (its end) or a time in ISO 8601; in the ledger's time zone where it names no offset",
      examples: ['2026-11-30', '2026-11-30T23:59:59Z'],
    })
    .optional(),
  at_position: positionField.optional(),
});

export const statementInput = z.object({
  external_user_id: externalUserIdField,
  month: text(1, 7).meta({ description: "in the ledger's time zone", examples: ['2026-11'] }),
});

export const diffInput = z.object({ from: positionField, to: positionField });

export const balanceData = z.strictObject({
  ...owner,
  as_of: time.nullable(),
  position,
  balance: quota,
  balance_usd: usd,
  stream: z.string(),
  stream_revision: z
    .int()
    .nullable()
    .meta({ description: "of the account's own stream; null before it was registered" }),
  last_movement: z
    .strictObject({
      position,
      stream: z.string(),
      revision: z.int(),
      type: z.string(),
      reference: z.string(),
      recorded_at: time,
    })
    .nullable(),
  holds: z
    .strictObject({
      cached: z.boolean(),
      held: quota,
      available: quota,
      open: z.array(
        z.strictObject({
          hold_id: z.string(),
          granted: quota,
          settled: quota.nullable(),
          lease_expires_at: time,
        }),
      ),
    })
    .nullable()
    .meta({ description: 'null for the past' }),
});

const movements = { count: z.int(), quota };
export const statementData = z.strictObject({
  ...owner,
  month: z.string(),
  timezone: z.string(),
  from: time,
  until: time,
  complete: z.boolean().meta({ description: 'false while the month is not over' }),
  position,
  opening: quota,
  credits: z.strictObject({
    ...movements,
    top_ups: z
      .array(z.strictObject({ payment_id: z.string(), recorded_at: time, ...credit }))
      .meta({ description: 'oldest first, at most a thousand' }),
  }),
  refunds: z.strictObject(movements),
  consumption: z.strictObject({
    ...movements,
    by_model: z.array(
      z.strictObject({
        model: z.string(),
        calls: z.int(),
        prompt_tokens: z.int(),
        completion_tokens: z.int(),
        charged: quota,
        corrected: quota,
        quota,
      }),
    ),
  }),
  grants: z.strictObject(movements),
  adjustments: z.strictObject(movements),
  failed_calls: z.int(),
  closing: quota,
});

const eventCounts = z.record(z.string(), z.int());
export const diffData = z.strictObject({
  from: position,
  to: position,
  events: z.int(),
  accounts: z.array(
    z.strictObject({
      ...owner,
      before: quota,
      after: quota,
      change: quota,
      credits: quota,
      grants: quota,
      refunds: quota,
      consumption: quota,
      adjustments: quota,
      calls: z.int(),
      failed_calls: z.int(),
      events: eventCounts,
    }),
  ),
  ledger: eventCounts.meta({ description: 'events of no account, by type' }),
});
