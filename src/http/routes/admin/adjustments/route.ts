import { z } from 'zod';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { nameText } from '../../../fields.js';
import { seconds } from '../paging.js';
import { reason } from '../users/schema.js';

const adjustmentId = nameText(1, 200);

const pending = z
  .object({
    adjustment_id: z.string(),
    external_user_id: z.string(),
    quota: z.int(),
    reason: z.string(),
    requested_by: z.string(),
    requested_at: z.int().meta({ description: 'unix seconds' }),
  })
  .meta({ id: 'PendingAdjustment' });

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/adjustments',
  access: 'users:adjust',
  operationId: 'adminListAdjustments',
  summary: 'List corrections that wait for a second operator',
  description:
    'The oldest first; those that are larger than `ADJUST_ALONE_USD` and were neither approved nor declined.',
  input: z.object({}),
  data: z.object({ adjustments: z.array(pending) }),
  refusals: [],
  example: {
    data: {
      adjustments: [
        {
          adjustment_id: 'ticket-812',
          external_user_id: 'user_001',
          quota: 500000000,
          reason: 'a year of credit, contract 17',
          requested_by: 'operator:ann',
          requested_at: 1795219200,
        },
      ],
    },
  },
  handle: async (_, { admin }) => ({
    data: {
      adjustments: (await admin.pendingAdjustments()).map((each) => ({
        adjustment_id: each.adjustmentId,
        external_user_id: each.externalUserId,
        quota: each.quota,
        reason: each.reason,
        requested_by: each.requestedBy,
        requested_at: seconds(each.requestedAt),
      })),
    },
  }),
});

const decided = z.object({
  adjustment_id: z.string(),
  quota: z.int(),
  status: z.enum(['made', 'declined']),
});

const approve = endpoint({
  method: 'post',
  area: 'admin',
  path: '/adjustments/{adjustment_id}/approve',
  access: 'users:adjust',
  freshProof: true,
  operationId: 'adminApproveAdjustment',
  summary: 'Approve a correction that another operator asked for',
  description:
    'It is made now, in the name of who approves. What is taken must be there now. Nobody approves their own.',
  input: z.object({ adjustment_id: adjustmentId }),
  bodyOptional: true,
  data: decided,
  refusals: [
    'adjustment_not_found',
    'adjustment_declined',
    'adjustment_own',
    'adjustment_exceeds_balance',
    'amount_invalid',
    'balance_ceiling',
  ],
  example: { data: { adjustment_id: 'ticket-812', quota: 500000000, status: 'made' } },
  handle: async ({ adjustment_id }, context) => {
    const result = await context.commands.approveAdjustment({ adjustmentId: adjustment_id }, context.meta);
    const { position, replayed, value } = accepted(result);
    await projected(context, position);
    return { data: { adjustment_id, quota: value.quota, status: 'made' as const }, replayed };
  },
});

const decline = endpoint({
  method: 'post',
  area: 'admin',
  path: '/adjustments/{adjustment_id}/decline',
  access: 'users:adjust',
  operationId: 'adminDeclineAdjustment',
  summary: 'Decline a correction that was asked for',
  description: 'For good: the id cannot be used again. Who asked for it takes it back so.',
  input: z.object({ adjustment_id: adjustmentId, reason }),
  data: decided,
  refusals: ['adjustment_not_found', 'adjustment_made'],
  example: {
    request: { reason: 'the contract says half of it' },
    data: { adjustment_id: 'ticket-812', quota: 500000000, status: 'declined' },
  },
  handle: async ({ adjustment_id, reason: why }, context) => {
    const command = { adjustmentId: adjustment_id, reason: why };
    const { replayed, value } = accepted(await context.commands.declineAdjustment(command, context.meta));
    return { data: { adjustment_id, quota: value.quota, status: 'declined' as const }, replayed };
  },
});

export const adjustmentEndpoints: readonly BoundEndpoint[] = [list, approve, decline];
