// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import {
  actorField,
  groupField,
  instantField,
  modelField,
  numericId,
  quotaField,
  uuidField,
} from '../stored/fields.js';
import { rateFields } from '../pricing/price.js';
import { ratioText } from '../pricing/ratio-text.js';
import { usageSchema } from '../pricing/usage.js';
import { dialectNames } from './dialects.js';

/** Whose call it was and how it travelled. */
export const callFields = {
  /** The call's own id; also the hold's. One call has at most one charge. */
  call_id: uuidField,
  request_id: z.string().min(1).max(200),
  account_id: uuidField,
  user_id: numericId,
  token_id: numericId,
  dialect: z.enum(dialectNames),
  endpoint: z.string().max(100),
  model: modelField,
  streamed: z.boolean(),
  started_at: instantField,
};

/** The inputs of the charge: replay never consults today's prices. */
export const priceFields = {
  price_version: z.int().min(0),
  ...rateFields,
  group: groupField,
  /** In force for the call, special ratios of the group included. */
  group_ratio: ratioText,
  /** The class of service that upstream reported, else the one asked for; its ratio is among the rates where the price has one. */
  service_tier: z.string().max(40).optional(),
  /** The user's own group, where the ratio was chosen by it. */
  user_group: groupField.optional(),
};

/** By which the rates of the call were chosen from its price. */
const choiceFields = {
  tier_above_prompt_tokens: z.int().min(1).optional(),
  image_size: z.string().max(40).optional(),
  image_quality: z.string().max(40).optional(),
};

/** Who answered. */
const upstreamFields = {
  channel_id: z.string().min(1).max(64),
  upstream_model: modelField,
  upstream_request_id: z.string().max(200).nullable(),
};

/** Where a call was converted: the dialect that upstream was spoken to in, and what did not survive it. Absent: it was not. */
const conversionFields = {
  upstream_dialect: z.enum(dialectNames).optional(),
  losses: z.array(z.string().max(64)).optional(),
};

const chargeFields = {
  ...choiceFields,
  usage: usageSchema,
  /** Quota before the one rounding, decimal text. */
  exact_quota: z.string().max(100),
  rounding: z.enum(['none', 'half-away-from-zero', 'minimum-of-one', 'free']),
  quota: quotaField,
  hold_quota: quotaField,
  /** How far the charge went above its hold, because upstream counted more than the estimate. Usually 0. */
  overshoot_quota: quotaField,
};

/** What of a call was charged by rates of its own: another model did it, or the same one in another tier. */
const partField = z.object({
  model: modelField,
  ...rateFields,
  group_ratio: ratioText,
  tier_above_prompt_tokens: z.int().min(1).optional(),
  usage: usageSchema,
});

/** What upstream reported and nobody can believe; the charge is our own count until an operator has settled it. */
const doubtField = z.object({
  reason: z.string().min(1).max(300),
  /** The counts as they came, `prompt_tokens -5`, as text: they may be anything. */
  reported: z.string().max(1_000),
});
export type Doubt = z.infer<typeof doubtField>;

/** The same with what a correction does not say of its call otherwise. */
const doubtOfCorrection = doubtField.extend({
  request_id: callFields.request_id,
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
});

export const usageEvents = {
  /**
   * v2: more kinds of tokens, units, and the prices of both; what is absent of them is 0 or not priced. v3: searches in files, machines
   * for code, parts of other models, doubts. v4: classes of service. v5: conversions.
   */
  'consumption-recorded': z.object({
    ...callFields,
    ...upstreamFields,
    ...conversionFields,
    ...priceFields,
    ...chargeFields,
    /** Where the token counts come from: upstream's report, our own count of what was delivered, or the linear estimate. */
    basis: z.enum(['reported', 'counted', 'estimate']),
    /** Beside `usage`, in the same sum and the same rounding. */
    parts: z.array(partField).optional(),
    doubt: doubtField.optional(),
    ended: z.enum(['complete', 'client-closed', 'upstream-cut']),
    duration_ms: z.int().min(0),
    first_byte_ms: z.int().min(0).nullable(),
  }),
  /** `quota` replaces the charge recorded before; `difference` is signed: what the account pays more (or gets back). v2: doubts. */
  'consumption-corrected': z.object({
    call_id: uuidField,
    account_id: uuidField,
    user_id: numericId,
    token_id: numericId,
    model: modelField,
    quota_before: quotaField,
    quota: quotaField,
    difference: quotaField,
    reason: z.string().min(1).max(500),
    doubt: doubtOfCorrection.optional(),
    by: actorField,
  }),
  /** The process that served the call died. Charged is what its last heartbeat knew to be delivered (possibly nothing). v2 to v4: as of consumption. */
  'call-abandoned': z.object({
    ...callFields,
    ...upstreamFields,
    ...priceFields,
    ...chargeFields,
    last_heartbeat_at: instantField.nullable(),
  }),
  /** A call that cost nothing: refused before it was forwarded, or failed upstream. No posting follows from it. */
  'call-failed': z.object({
    ...callFields,
    stage: z.enum(['refused', 'upstream', 'client', 'internal']),
    status: z.int().min(100).max(599),
    code: z.string().min(1).max(64),
    channel_id: z.string().max(64).nullable(),
    needed_quota: quotaField.nullable(),
    available_quota: quotaField.nullable(),
    duration_ms: z.int().min(0),
  }),
};
