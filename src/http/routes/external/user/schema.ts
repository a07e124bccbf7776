import { z } from 'zod';
import { externalUserIdField } from '../../../fields.js';
import { minPosition } from '../../../freshness.js';

export const userInput = z.object({
  external_user_id: externalUserIdField,
  min_position: minPosition,
});

export const userData = z
  .object({
    user_id: z.int(),
    external_user_id: z.string(),
    username: z.string(),
    display_name: z.string(),
    email: z.string(),
    phone: z.string(),
    login_type: z.string(),
    group: z.string(),
    aff_code: z.string(),
    status: z.int().meta({ description: '1 enabled, 2 suspended, 3 erased' }),
    current_quota: z.int(),
    current_balance: z.number(),
    used_quota: z.int(),
    total_requests: z.int(),
    created_at: z.int().meta({ description: 'unix seconds' }),
  })
  .meta({ id: 'User' });
