import { z } from 'zod';
import { endpoint, existingAccount } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { exampleOwnGrant, MOST_SHOWN, ownGrantData, presentOwnGrant } from '../../grants/schema.js';

export const userGrantsEndpoint = endpoint({
  method: 'get',
  path: '/{external_user_id}/grants',
  access: 'read',
  operationId: 'listUserGrants',
  summary: 'List the grants of a user',
  description: `Quota that was given, what of it is left and until when; the newest ${MOST_SHOWN}.`,
  input: z.object({ external_user_id: externalUserIdField }),
  data: z.object({ grants: z.array(ownGrantData) }),
  refusals: ['account_not_found'],
  example: { data: { grants: [exampleOwnGrant] } },
  handle: async ({ external_user_id: externalUserId }, context) => {
    const { accountId } = await existingAccount(context, externalUserId);
    const grants = await context.readModels.grants({ accountId }, { limit: MOST_SHOWN });
    return { data: { grants: grants.map(presentOwnGrant) } };
  },
});
