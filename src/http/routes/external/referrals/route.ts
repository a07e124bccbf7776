import { z } from 'zod';
import { endpoint, existingAccount } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { exampleOwnReferral, ownReferralData, presentOwnReferral } from '../../referrals/schema.js';

export const userReferralEndpoint = endpoint({
  method: 'get',
  path: '/{external_user_id}/referral',
  access: 'read',
  operationId: 'getUserReferral',
  summary: 'Show whom a user invited, and what that brought',
  description: 'Of those who were invited nothing is told but when they came, and what their orders brought.',
  input: z.object({ external_user_id: externalUserIdField }),
  data: ownReferralData,
  refusals: ['account_not_found'],
  example: { data: exampleOwnReferral },
  handle: async ({ external_user_id: externalUserId }, context) => {
    const account = await existingAccount(context, externalUserId);
    const referral = await context.readModels.ownReferral(account.accountId, context.now);
    return { data: presentOwnReferral(account, referral) };
  },
});
