import { z } from 'zod';
import type { AccountRow } from '../../../../projections/account/view.js';
import { endpoint } from '../../../endpoint.js';
import { nextAfter, pageInput, pageOf } from '../../admin/paging.js';
import { presentRow } from '../../admin/users/present.js';

const userRow = z
  .object({
    user_id: z.int(),
    external_user_id: z.string(),
    username: z.string(),
    group: z.string(),
    status: z.enum(['enabled', 'suspended', 'erased']),
    current_quota: z.int(),
    current_balance: z.number(),
    used_quota: z.int(),
    total_requests: z.int(),
    created_at: z.int().meta({ description: 'unix seconds' }),
  })
  .meta({ id: 'UserRow' });

export const usersEndpoint = endpoint({
  method: 'get',
  path: '/users',
  access: 'read',
  operationId: 'listUsers',
  summary: 'List users',
  description:
    'By their number, page by page: `next_after` of one is `after` of the next. Nothing personal beyond the names.',
  input: z.object(pageInput),
  data: z.object({ users: z.array(userRow), next_after: nextAfter }),
  refusals: [],
  example: {
    data: {
      users: [
        {
          user_id: 1,
          external_user_id: 'test_user_001',
          username: 'testuser',
          group: 'default',
          status: 'enabled',
          current_quota: 15000000,
          current_balance: 30,
          used_quota: 0,
          total_requests: 0,
          created_at: 1735689600,
        },
      ],
      next_after: null,
    },
  },
  handle: async ({ after, limit }, { readModels }) => {
    const { rows, next_after } = await pageOf(
      limit,
      ({ userId }: AccountRow) => userId,
      (most) => readModels.accounts({ after, limit: most }),
    );
    return { data: { users: rows.map(presentRow), next_after } };
  },
});
