import { z } from 'zod';
import { accepted, endpoint, projected } from '../../../endpoint.js';
import { externalUserIdField } from '../../../fields.js';
import { codeField, redeemed, redeeming } from '../../codes/schema.js';

export const redeemUserCodeEndpoint = endpoint({
  ...redeeming,
  method: 'post',
  path: '/{external_user_id}/redeem',
  access: 'topups',
  operationId: 'redeemUserCode',
  summary: 'Redeem a code for a user',
  input: z.object({ external_user_id: externalUserIdField, code: codeField }),
  handle: async ({ external_user_id: externalUserId, code }, context) => {
    const given = accepted(await context.commands.redeemCode({ externalUserId, code }, context.meta));
    await projected(context, given.position);
    return redeemed(given, (grantId) => context.readModels.grant(grantId));
  },
});
