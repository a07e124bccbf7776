import { z } from 'zod';
import { endpoint, ownAccount } from '../../../endpoint.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { exampleOwnGrant, MOST_SHOWN, ownGrantData, presentOwnGrant } from '../../grants/schema.js';

export const ownGrantsEndpoint = endpoint({
  method: 'get',
  area: 'user',
  path: '/grants',
  access: 'person',
  operationId: 'listOwnGrants',
  summary: 'List your grants',
  description: `Quota that you were given, what of it is left and until when; the newest ${MOST_SHOWN}.`,
  input: z.object({ min_position: minPosition }),
  data: z.object({ grants: z.array(ownGrantData) }),
  refusals: [],
  failures: [positionNotReached],
  example: { data: { grants: [exampleOwnGrant] } },
  handle: async ({ min_position: min }, context) => {
    const { reads } = ownAccount(context);
    await reads.caughtUp(min);
    return { data: { grants: (await reads.grants(MOST_SHOWN)).map(presentOwnGrant) } };
  },
});
