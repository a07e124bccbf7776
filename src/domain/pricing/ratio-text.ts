import { z } from 'zod';
import { parseDecimal } from '../money/decimal.js';

/** A decimal ratio or dollar price as text: exact, not negative, at most 9 digits before and 9 after the point. */
export const ratioText = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'a decimal that is not negative, with at most 9 digits on each side')
  .refine((text) => parseDecimal(text) !== undefined)
  .meta({ description: 'exact decimal text' });
