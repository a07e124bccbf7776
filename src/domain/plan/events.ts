// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { priorityField } from '../grant/events.js';
import { actorField, currencyField, minorField, quotaField } from '../stored/fields.js';

/** In streams and in addresses. */
export const planIdField = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);

/** Of a period, at most: three years. */
export const MOST_MONTHS = 36;

/** What may be sold: each currency has a price of its own, so that no number means two of them. */
export const planTerms = {
  name: z.string().min(1).max(100),
  /** What people read of it. */
  description: z.string().max(1_000),
  /** Of a period. */
  quota: quotaField,
  /** How long a period is, in months of the ledger's zone. */
  months: z.int().min(1).max(MOST_MONTHS),
  prices: z
    .array(z.object({ currency: currencyField, minor: minorField }))
    .min(1)
    .max(20),
  /** Of two lots that one burns first whose number is lower. */
  priority: priorityField,
  /** Whether it can be bought. What was bought stays as it was. */
  is_offered: z.boolean(),
};

export const planEvents = {
  /** A version of it: whoever bought another one keeps that. */
  'plan-published': z.object({
    plan_id: planIdField,
    version: z.int().min(1),
    ...planTerms,
    by: actorField,
  }),
};
