import { z } from 'zod';
import { logRow } from '../logs/row.js';
import { tokenData } from '../token/schema.js';

export { userInput as statsInput } from '../user/schema.js';

const modelCapacity = z
  .looseObject({
    input_tokens_1k: z.int().optional(),
    model_ratio: z.number(),
    completion_ratio: z.number(),
    group_ratio: z.number(),
    base_price_usd: z.number().optional(),
    quota_per_1k_input: z.int().optional(),
    price_per_call_usd: z.number().optional().meta({ description: 'only where the price is per call' }),
    calls: z.int().optional(),
    images: z.int().optional(),
    price_per_image_usd: z.number().optional().meta({ description: 'only where the price is per image' }),
    seconds: z.int().optional(),
    price_per_second_usd: z.number().optional().meta({ description: 'only where the price is per second' }),
    characters_1k: z.int().optional(),
    price_per_1k_characters_usd: z
      .number()
      .optional()
      .meta({ description: 'only where the price is per character' }),
    free: z.literal(true).optional(),
    pricing_note: z.string(),
    is_default_model: z.literal(true).optional(),
  })
  .meta({ id: 'ModelCapacity' });

const capacitySummary = z
  .object({
    total_balance_usd: z.number(),
    total_quota: z.int(),
    quota_per_usd: z.int(),
    billing_formula: z.string(),
    models_available: z.int(),
    note: z.string(),
  })
  .meta({ id: 'CapacitySummary' });

export const statsData = z
  .object({
    user_info: z.object({
      external_user_id: z.string(),
      username: z.string(),
      display_name: z.string(),
      current_quota: z.int(),
      current_balance: z.number(),
      used_quota: z.int(),
      total_requests: z.int(),
      balance_capacity: z
        .object({ _summary: capacitySummary.optional() })
        .catchall(modelCapacity)
        .meta({ description: 'by model, and `_summary`; empty where there is no quota' }),
    }),
    tokens: z.array(tokenData),
    recent_logs: z.array(logRow),
    model_usage: z.record(
      z.string(),
      z.object({
        requests: z.int(),
        prompt_tokens: z.int(),
        completion_tokens: z.int(),
        quota: z.int(),
        spend: z.number(),
      }),
    ),
  })
  .meta({ id: 'Stats' });
