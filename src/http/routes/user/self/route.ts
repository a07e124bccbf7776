import { z } from 'zod';
import { accepted, type BoundEndpoint, endpoint, ownAccount, projected } from '../../../endpoint.js';
import { nameText } from '../../../fields.js';
import { suspendedRow } from '../failures.js';
import { presentSelf } from './present.js';
import { exampleSelf, selfData } from './schema.js';

const changed = { zh: '资料已更新', en: 'Profile updated' };

const show = endpoint({
  method: 'get',
  area: 'user',
  path: '/self',
  access: 'person',
  operationId: 'showSelf',
  summary: 'Show who you are and what you may do',
  description: 'With a cookie or a token of `/api/auth`.',
  input: z.object({}),
  data: selfData,
  refusals: ['account_not_found'],
  example: { data: exampleSelf },
  handle: async (_, context) => ({ data: await presentSelf(context) }),
});

const change = endpoint({
  method: 'patch',
  area: 'user',
  path: '/self',
  access: 'person',
  operationId: 'changeSelf',
  summary: 'Change what you are called',
  description:
    'An empty text clears it. Of a user whom a front end brought, the next sync of that front end says what holds.',
  input: z.object({ display_name: nameText(0, 100) }),
  data: selfData,
  messages: [changed],
  refusals: ['account_not_found', 'account_erased'],
  failures: [suspendedRow],
  example: { request: { display_name: 'Alice' }, data: exampleSelf },
  handle: async ({ display_name: displayName }, context) => {
    const { commands } = ownAccount(context);
    const { position, replayed } = accepted(await commands.changeProfile({ displayName }, context.meta));
    await projected(context, position);
    return { message: changed, data: await presentSelf(context), replayed };
  },
});

export const selfEndpoints: readonly BoundEndpoint[] = [show, change];
