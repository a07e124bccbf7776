import { z } from 'zod';
import { chargeKinds } from '../../../domain/pricing/charge.js';
import { rateFields } from '../../../domain/pricing/price.js';
import { tokenKinds, unitKinds } from '../../../domain/pricing/usage.js';
import { budgetPeriods } from '../../../domain/team/period.js';
import { text } from '../../fields.js';
import { balances, credit, decimalText, place, quota, time, usd, user } from './shapes.js';

export const explainInput = z.object({
  id: text(1, 200).meta({ description: 'of a call, a request, a payment, a refund or an adjustment' }),
});

const counts = <Kind extends string>(kinds: readonly Kind[]) =>
  Object.fromEntries(kinds.map((kind) => [kind, z.int()])) as Record<Kind, z.ZodInt>;

const told = z
  .array(
    z.strictObject({
      kind: z.string(),
      text: z.strictObject({ zh: z.string(), en: z.string() }),
      quota: decimalText.meta({ description: 'signed, exact' }),
    }),
  )
  .meta({
    description:
      'the same for the person whose money it is, without who served it: the lines add up to the charge, or to what is left of a payment',
  });

const chargeStep = z.strictObject({
  step: z.enum(['charged', 'abandoned']),
  ...place,
  tokens: z.strictObject({
    ...counts(tokenKinds),
    basis: z.enum(['reported', 'counted', 'estimate', 'heartbeat']),
  }),
  units: z.strictObject({
    ...counts(unitKinds),
    media_ms: z.int().meta({ description: 'sound heard or made, in milliseconds' }),
  }),
  price: z.strictObject({
    version: z.int(),
    published_at: time.nullable(),
    published_by: z.string().nullable(),
    ...rateFields,
    group: z.string(),
    group_ratio: decimalText,
    user_group: z.string().nullable().meta({ description: 'where the ratio was chosen by the user’s group' }),
    tier_above_prompt_tokens: z.int().nullable(),
    service_tier: z.string().nullable().meta({ description: 'the class of service' }),
    image_size: z.string().nullable(),
    image_quality: z.string().nullable(),
  }),
  parts: z
    .array(
      z.strictObject({
        model: z.string(),
        prompt: z.int(),
        completion: z.int(),
        tier_above_prompt_tokens: z.int().nullable(),
      }),
    )
    .meta({ description: 'what was charged by rates of its own: another model, or another tier' }),
  lines: z.array(
    z.strictObject({
      model: z.string().optional().meta({ description: 'of a part' }),
      kind: z.enum(chargeKinds),
      count: z.int(),
      ratio: decimalText,
      exact: decimalText,
    }),
  ),
  exact_quota: decimalText.meta({ description: 'sum of the lines, before the one rounding' }),
  rounding: z.enum(['none', 'half-away-from-zero', 'minimum-of-one', 'free']),
  quota,
  hold_quota: quota,
  overshoot_quota: quota,
  upstream: z.strictObject({
    channel_id: z.string(),
    channel_name: z.string().nullable(),
    model: z.string(),
    request_id: z.string().nullable(),
  }),
  doubt: z
    .strictObject({ reason: z.string(), reported: z.string() })
    .nullable()
    .meta({ description: 'what upstream reported and cannot be true; the charge is our own count' }),
  ended: z.string(),
  duration_ms: z.int().nullable(),
  first_byte_ms: z.int().nullable().meta({ description: 'from the request to the first byte of the answer' }),
  ...balances,
});

const correctionStep = z.strictObject({
  step: z.literal('corrected'),
  ...place,
  quota_before: quota,
  quota,
  difference: quota,
  reason: z.string(),
  by: z.string(),
  ...balances,
});

const failureStep = z.strictObject({
  step: z.literal('failed'),
  ...place,
  stage: z.string(),
  status: z.int(),
  code: z.string(),
  needed_quota: quota.nullable(),
  available_quota: quota.nullable(),
  why: z.string(),
  channel_id: z.string().nullable(),
  duration_ms: z.int(),
  balance: quota,
});

const call = z.strictObject({
  kind: z.literal('call'),
  call_id: z.uuid(),
  request_id: z.string(),
  user,
  key: z.strictObject({ token_id: z.int(), name: z.string().nullable(), mask: z.string().nullable() }),
  budgets: z
    .array(
      z.strictObject({
        budget_id: z.uuid(),
        of: z.enum(['member', 'key']).meta({ description: 'all keys of the member, or this key' }),
        quota: quota.meta({ description: 'what may be spent in the whole period' }),
        period: z.enum(budgetPeriods),
        period_name: z.string().meta({ description: '`20261130`, `2026W49` or `202611`' }),
        timezone: z.string(),
      }),
    )
    .meta({
      description: 'in a team, what the call was held against beside the account and the key’s limit',
    }),
  dialect: z.string(),
  endpoint: z.string(),
  model: z.string(),
  streamed: z.boolean(),
  started_at: time,
  steps: z.array(z.discriminatedUnion('step', [chargeStep, correctionStep, failureStep])),
  quota,
  usd,
  told,
});

const payment = z.strictObject({
  kind: z.literal('payment'),
  payment_id: z.string(),
  refund_id: z.string().nullable().meta({ description: 'the refund that was asked for, where it was one' }),
  user,
  credit: z.strictObject({ ...place, ...credit, ...balances }),
  refunds: z.array(
    z.strictObject({
      refund_id: z.string(),
      ...place,
      amount_usd: usd,
      quota,
      by: z.string(),
      ...balances,
      reason: z.string(),
      hold_id: z.uuid().nullable().meta({ description: 'null where it went back at the provider' }),
    }),
  ),
  remaining_usd: usd,
  remaining_quota: quota,
  told,
});

const adjustment = z.strictObject({
  kind: z.literal('adjustment'),
  adjustment_id: z.string(),
  user,
  ...place,
  quota,
  usd,
  reason: z.string(),
  by: z.string(),
  hold_id: z.uuid().nullable(),
  ...balances,
  told,
});

const grant = z.strictObject({
  kind: z.literal('grant'),
  grant_id: z.uuid(),
  grant_kind: z.string(),
  source: z.string(),
  user,
  ends_at: z.string().nullable(),
  quota,
  steps: z.array(
    z.strictObject({
      step: z.enum(['given', 'expired', 'withdrawn']),
      ...place,
      quota,
      reason: z.string(),
      by: z.string(),
      hold_id: z.uuid().nullable(),
      ...balances,
    }),
  ),
  told,
});

export const explanation = z.discriminatedUnion('kind', [call, payment, adjustment, grant]);

export const explainData = z.strictObject({
  id: z.string(),
  explanations: z.array(explanation),
  more: z.boolean().meta({ description: 'there are more of this id than are explained' }),
});
