import { z } from 'zod';
import {
  accepted,
  type BoundEndpoint,
  endpoint,
  ownAccount,
  projected,
  signedInPerson,
} from '../../../endpoint.js';
import { nameText } from '../../../fields.js';
import { sessionLimited, stepUpRequired } from '../../auth/failures.js';
import { suspendedRow } from '../failures.js';
import { presentSelf } from './present.js';
import { exampleSelf, selfData } from './schema.js';

const deleted = { zh: '账户已删除', en: 'The account was deleted' };
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
  summary: 'Change what you are called, and in which language you are written to',
  description:
    'What is not given stays. An empty name clears it; of a user whom a front end brought, the next sync of that front end says what it is.',
  input: z.object({ display_name: nameText(0, 100).optional(), language: z.enum(['zh', 'en']).optional() }),
  data: selfData,
  messages: [changed],
  refusals: ['account_not_found', 'account_erased'],
  failures: [suspendedRow],
  example: { request: { display_name: 'Alice' }, data: exampleSelf },
  handle: async ({ display_name: displayName, language }, context) => {
    const { commands } = ownAccount(context);
    if (language) await context.people.speak(signedInPerson(context).accountId, language);
    if (displayName === undefined) return { message: changed, data: await presentSelf(context) };
    const { position, replayed } = accepted(await commands.changeProfile({ displayName }, context.meta));
    await projected(context, position);
    return { message: changed, data: await presentSelf(context), replayed };
  },
});

const remove = endpoint({
  method: 'delete',
  area: 'user',
  path: '/self',
  access: 'person',
  operationId: 'deleteSelf',
  summary: 'Delete your account',
  description:
    'For ever: what is known of you is erased, your access keys and sessions end, and what is left of the balance can be spent by nobody. Asks for the password within ten minutes (`POST /api/auth/step-up`).',
  input: z.object({}),
  bodyOptional: true,
  data: z.object({ deleted: z.literal(true) }),
  messages: [deleted],
  refusals: ['account_not_found'],
  failures: [suspendedRow, sessionLimited, stepUpRequired],
  example: { data: { deleted: true } },
  handle: async (_, context) => {
    context.people.requireProof(signedInPerson(context));
    const { position } = accepted(await ownAccount(context).commands.erase(context.meta));
    await projected(context, position);
    return { message: deleted, data: { deleted: true }, cookie: { kind: 'person', secret: null } };
  },
});

export const selfEndpoints: readonly BoundEndpoint[] = [show, change, remove];
