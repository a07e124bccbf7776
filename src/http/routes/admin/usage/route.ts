import { z } from 'zod';
import { usageGroupings } from '../../../../domain/usage/usage-question.js';
import { type BoundEndpoint, endpoint, existingAccount } from '../../../endpoint.js';
import { externalUserIdField, text } from '../../../fields.js';
import { usageQuestion } from '../../../usage/range.js';
import { exampleUsage, notReady, presentUsage, usageData, usageRange } from '../../../usage/schema.js';
import { whole } from '../paging.js';

const usage = endpoint({
  method: 'get',
  area: 'admin',
  path: '/usage',
  access: 'usage:read',
  operationId: 'adminShowUsage',
  summary: 'Show what calls cost, by time and by what they were of',
  description:
    'Charges and their corrections, by days of the ledger or by hours. Twelve series at most; what is beyond is added up, so that series and `other` are the total. Where users or keys are asked for together with channels or groups, at most 31 days.',
  input: z.object({
    ...usageRange,
    group_by: z.enum(usageGroupings).default('model').meta({ default: 'model' }),
    external_user_id: externalUserIdField.optional(),
    token_id: whole(1, Number.MAX_SAFE_INTEGER).meta({ type: 'integer' }).optional(),
    model: text(1, 200).optional(),
    channel_id: text(1, 64).optional(),
    group: text(1, 64).meta({ description: 'by which the price was chosen' }).optional(),
  }),
  data: usageData,
  refusals: ['account_not_found'],
  failures: [notReady],
  example: { data: exampleUsage },
  handle: async ({ group_by: groupBy, external_user_id, token_id, channel_id, ...input }, context) => {
    const { now, readModels, settings } = context;
    const { interval, from, to, model, group } = input;
    const account =
      external_user_id === undefined ? undefined : await existingAccount(context, external_user_id);
    const filter = { accountId: account?.accountId, tokenId: token_id, model, channelId: channel_id, group };
    const question = usageQuestion({ interval, groupBy, from, to, filter }, now, settings.timezone);
    const view = await readModels.usage(question, { now, timezone: settings.timezone });
    return { data: presentUsage(view) };
  },
});

export const usageEndpoints: readonly BoundEndpoint[] = [usage];
