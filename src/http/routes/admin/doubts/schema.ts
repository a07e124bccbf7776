import { z } from 'zod';
import type { DoubtView } from '../../../../projections/doubt/query.js';
import { externalUserIdField, text } from '../../../fields.js';
import { pageInput, seconds } from '../paging.js';
import { reason } from '../users/schema.js';

export const listInput = z.object({
  state: z.enum(['open', 'settled']).optional(),
  external_user_id: externalUserIdField.optional(),
  model: text(1, 200).optional(),
  ...pageInput,
});

export const referenceInput = z.object({
  call_id: text(1, 200).meta({ description: 'of the call, or of its request' }),
});

export const settleInput = z.object({
  call_id: text(1, 200).meta({ description: 'of the call: the id of a request is its client’s choice' }),
  quota: z
    .int()
    .min(0)
    .meta({ description: 'what the call should have been charged; the same as it was: the charge stands' }),
  reason,
});

export const doubt = z.object({
  call_id: z.string(),
  request_id: z.string(),
  external_user_id: z.string(),
  token_id: z.int(),
  model: z.string(),
  recorded_at: z.int().meta({ description: 'unix seconds' }),
  position: z.int().meta({ description: 'of the charge, in the log' }),
  charged: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), quota: z.int() }),
  reported: z.string().meta({ description: 'what upstream said' }),
  doubt: z.string().meta({ description: 'why it is not believed' }),
  settled: z
    .object({
      outcome: z.enum(['accepted', 'adjusted']),
      adjusted: z.int().meta({ description: 'quota that came back; negative: that was paid more' }),
      by: z.string(),
      reason: z.string(),
      settled_at: z.int(),
    })
    .nullable()
    .meta({ description: 'null while it is open' }),
});

export const present = ({ settled, ...view }: DoubtView): z.input<typeof doubt> => ({
  call_id: view.callId,
  request_id: view.requestId,
  external_user_id: view.externalUserId,
  token_id: view.tokenId,
  model: view.model,
  recorded_at: seconds(view.recordedAt),
  position: Number(view.position),
  charged: {
    prompt_tokens: view.promptTokens,
    completion_tokens: view.completionTokens,
    quota: Number(view.quota),
  },
  reported: view.reported,
  doubt: view.reason,
  settled: settled
    ? {
        outcome: settled.adjusted === 0n ? 'accepted' : 'adjusted',
        adjusted: Number(settled.adjusted),
        by: settled.by,
        reason: settled.reason,
        settled_at: seconds(settled.at),
      }
    : null,
});
