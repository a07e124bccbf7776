import { z } from 'zod';
import { accepted, endpoint, ownAccount, projected } from '../../../endpoint.js';
import { codeField, redeemed, redeeming } from '../../codes/schema.js';

export const redeemCodeEndpoint = endpoint({
  ...redeeming,
  method: 'post',
  area: 'user',
  path: '/redeem',
  access: 'person',
  operationId: 'redeemCode',
  summary: 'Redeem a code',
  input: z.object({ code: codeField }),
  handle: async ({ code }, context) => {
    const { commands, reads } = ownAccount(context);
    const given = accepted(await commands.redeemCode({ code }, context.meta));
    await projected(context, given.position);
    return redeemed(given, (grantId) => reads.grant(grantId));
  },
});
