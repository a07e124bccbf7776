import { z } from 'zod';
import { tokenKinds, unitKinds } from '../../../../domain/pricing/usage.js';

const quota = z.int().meta({ description: 'quota' });
const decimalText = z.string().meta({ description: 'exact decimal text' });
const time = z.iso.datetime();

const counts = <Kind extends string>(kinds: readonly Kind[]) =>
  Object.fromEntries(kinds.map((kind) => [kind, z.int()])) as Record<Kind, z.ZodInt>;

const place = {
  at: time,
  position: z.string().meta({ description: 'its place in the log' }),
};

const charged = z.strictObject({
  step: z.enum(['charged', 'abandoned']),
  ...place,
  tokens: z.strictObject({
    ...counts(tokenKinds),
    basis: z
      .enum(['reported', 'counted', 'estimate', 'heartbeat'])
      .meta({ description: 'how they are known' }),
  }),
  units: z.strictObject(counts(unitKinds)),
  price: z.strictObject({
    version: z.int().meta({ description: 'of the price list' }),
    published_at: time.nullable(),
    group: z.string(),
    group_ratio: decimalText,
    tier_above_prompt_tokens: z.int().nullable(),
    service_tier: z.string().nullable(),
    image_size: z.string().nullable(),
    image_quality: z.string().nullable(),
    rates: z.record(z.string(), decimalText).meta({ description: 'ratios and prices by name' }),
  }),
  exact_quota: decimalText.meta({ description: 'before the one rounding' }),
  rounding: z.enum(['none', 'half-away-from-zero', 'minimum-of-one', 'free']),
  hold_quota: quota.meta({ description: 'set aside before the call' }),
  quota,
  first_byte_ms: z.int().nullable().meta({
    description:
      'from `started_at` to the first byte of the answer; null: there was none, or it is not known',
  }),
  duration_ms: z.int().nullable().meta({ description: 'from `started_at` to the end of the answer' }),
  complete: z.boolean().meta({ description: 'false: it was broken off, and what was delivered is charged' }),
  balance_before: quota,
  balance_after: quota,
});

const corrected = z.strictObject({
  step: z.literal('corrected'),
  ...place,
  quota_before: quota,
  quota,
  difference: quota.meta({ description: 'signed: what you pay more' }),
  balance_before: quota,
  balance_after: quota,
});

const failed = z.strictObject({
  step: z.literal('failed'),
  ...place,
  status: z.int(),
  code: z.string().meta({ description: 'as the answer said' }),
  needed_quota: quota.nullable(),
  available_quota: quota.nullable(),
  balance: quota,
});

/** The same for every kind of figure, so that a page shows them in one way. */
export const explained = z
  .strictObject({
    kind: z.enum(['call', 'payment', 'adjustment', 'grant']),
    lines: z
      .array(
        z.strictObject({
          kind: z.string(),
          text: z.strictObject({ zh: z.string(), en: z.string() }),
          quota: decimalText.meta({ description: 'signed, exact' }),
        }),
      )
      .meta({ description: 'they add up to `quota`' }),
    quota: quota.meta({
      description:
        'what the call cost; what is left of the payment; what the adjustment gave, or took; what of the grant did not end',
    }),
    usd: decimalText,
    call: z
      .strictObject({
        call_id: z.string(),
        request_id: z.string(),
        dialect: z.string(),
        endpoint: z.string(),
        model: z.string(),
        streamed: z.boolean(),
        started_at: time,
        steps: z.array(z.discriminatedUnion('step', [charged, corrected, failed])),
      })
      .nullable()
      .meta({ description: 'where it is one, in the order of the log' }),
    balances: z.strictObject({ balance_before: quota, balance_after: quota }).nullable().meta({
      description: 'around the credit, the refund or the adjustment; of a call they are in its steps',
    }),
  })
  .meta({ id: 'OwnExplanation' });
