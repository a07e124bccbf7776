// Stored format: names and fields below are in logs for ever. A change of shape is a new version with an upcaster.
import { z } from 'zod';
import { priorityField } from '../grant/events.js';
import { MOST_MONTHS, planIdField } from '../plan/events.js';
import { actorField, instantField, numericId, quotaField, uuidField } from '../stored/fields.js';

const whose = { subscription_id: uuidField, account_id: uuidField };
const orderId = z.string().min(1).max(64);
/** Counts the periods of a subscription, for ever: no two have one number. */
const number = z.int().min(1);

const period = {
  ...whose,
  user_id: numericId,
  plan_id: planIdField,
  plan_version: z.int().min(1),
  /** What paid for it. */
  order_id: orderId,
  period: number,
  quota: quotaField,
  priority: priorityField,
  /** To the instant, and never rounded. */
  starts_at: instantField,
  ends_at: instantField,
  months: z.int().min(1).max(MOST_MONTHS),
  /** When the first of the periods began that follow one another: each ends whole months after that, so that a short month shortens no other. */
  anchored_at: instantField,
  /** How many months after that this one ends. */
  until_month: z.int().min(1),
  by: actorField,
};

const standing = {
  ...whose,
  order_id: orderId,
  period: number,
  /** `returned`: its provider gave money back, or it is disputed; `refund:<id>`: it is given back from here. */
  cause: z.string().min(1).max(200),
  by: actorField,
};

export const subscriptionEvents = {
  /** A period that follows no other one. What it gives is a grant under `sub:<subscription>:<period>`, so that it is given once. */
  'subscription-started': z.object(period),
  /** The next period, from the end of the one before. */
  'subscription-renewed': z.object(period),
  /** Its periods go on to their ends; it is not meant to be renewed. */
  'subscription-cancelled': z.object({ ...whose, by: actorField }),
  /** What paid for a period goes back: what of it is unused is taken. */
  'subscription-period-withdrawn': z.object(standing),
  /** It does not go back after all. */
  'subscription-period-restored': z.object(standing),
  /** No period is left. Buying it again starts it anew. */
  'subscription-ended': z.object({ ...whose, why: z.enum(['over', 'returned']), by: actorField }),
};
