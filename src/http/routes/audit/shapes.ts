import { z } from 'zod';

// What several answers are made of.
export const quota = z.int().meta({ description: 'quota' });
export const usd = z.string().meta({ description: 'US dollars, exact decimal text' });
export const time = z.iso.datetime();
export const decimalText = z.string().meta({ description: 'exact decimal text' });
export const position = z.int();
/** Whose it is. */
export const owner = { external_user_id: z.string(), user_id: z.int(), account_id: z.uuid() };
export const user = z.strictObject(owner);
/** Where in the log it is written. */
export const place = {
  position,
  stream: z.string(),
  revision: z.int(),
  event_id: z.uuid(),
  recorded_at: time,
};
/** Of a credit. */
export const credit = { amount_usd: usd, quota, by: z.string(), note: z.string().optional() };
export const balances = { balance_before: quota, balance_after: quota };
