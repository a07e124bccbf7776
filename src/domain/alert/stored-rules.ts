import { z } from 'zod';
import type { AlertRules } from './rule.js';

const schema = z.object({
  below_quota: z.string().nullable(),
  key_use: z.boolean(),
  unusual_day: z.boolean(),
});

/** Rules as a row has them. */
export function rulesOf(stored: unknown): AlertRules {
  const { below_quota: below, key_use: keyUse, unusual_day: unusualDay } = schema.parse(stored);
  return { belowQuota: below === null ? null : BigInt(below), keyUse, unusualDay };
}

/** As `rulesOf` reads it. */
export const storedRules = ({ belowQuota, keyUse, unusualDay }: AlertRules): z.input<typeof schema> => ({
  below_quota: belowQuota?.toString() ?? null,
  key_use: keyUse,
  unusual_day: unusualDay,
});
