import { z } from 'zod';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { usageQuestion } from '../../../usage/range.js';
import { exampleUsage, notReady, presentUsage, usageData, usageRange } from '../../../usage/schema.js';
import { whole } from '../../admin/paging.js';

const groupings = ['model', 'key', 'none'] as const;

const show = endpoint({
  method: 'get',
  area: 'user',
  path: '/usage',
  access: 'person',
  operationId: 'showUsage',
  summary: 'Show what your calls cost, by time and by what they were of',
  description:
    'Charges and their corrections, by days of the ledger or by hours. Twelve series at most; what is beyond is added up, so that series and `other` are the total.',
  input: z.object({
    ...usageRange,
    group_by: z.enum(groupings).default('model').meta({ default: 'model' }),
    token_id: whole(1, Number.MAX_SAFE_INTEGER).meta({ type: 'integer' }).optional(),
    model: text(1, 200).optional(),
    min_position: minPosition,
  }),
  data: usageData,
  refusals: [],
  failures: [notReady, positionNotReached],
  example: { data: exampleUsage },
  handle: async ({ group_by: groupBy, token_id: tokenId, min_position: min, ...input }, context) => {
    const { now, settings } = context;
    const { reads } = ownAccount(context);
    await reads.caughtUp(min);
    const { interval, from, to, model } = input;
    const asked = { interval, groupBy, from, to, filter: { tokenId, model } };
    // The same tables are asked whoever they are of: an account is always named.
    const question = usageQuestion(asked, now, settings.timezone);
    return { data: presentUsage(await reads.usage({ ...asked, from: question.from, to: question.to }, now)) };
  },
});

export const ownUsageEndpoints: readonly BoundEndpoint[] = [show];
