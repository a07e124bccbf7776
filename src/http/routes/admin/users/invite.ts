import { z } from 'zod';
import { type BoundEndpoint, endpoint, type FailureRow, projected } from '../../../endpoint.js';
import { mailFailures } from '../../auth/failures.js';
import { usernameField } from '../../../fields.js';
import { requiredEmail } from '../../auth/password.js';
import { factorFailures } from '../../../sessions/factor-failures.js';
import { noteAct } from '../note-act.js';
import { reasonInput, referenceInput } from './schema.js';

const language = z.enum(['zh', 'en']).default('zh').meta({ description: 'of the mail' });
const ofUsers = { method: 'post', area: 'admin', access: 'users:write' } as const;
const busy: FailureRow = [429, 'too_many_logins', '登录尝试过多，请稍后重试'];
const noLogin: FailureRow = [400, 'no_login', '该用户不在此处登录'];

const invite = endpoint({
  ...ofUsers,
  path: '/users',
  operationId: 'adminInviteUser',
  summary: 'Invite a person',
  description:
    'Makes an account and mails a link, good for three days, by which the person gives it a password. Once for each Idempotency-Key; the mail is sent again.',
  input: z.object({ username: usernameField, email: requiredEmail, language }),
  data: z.object({ external_user_id: z.string() }),
  refusals: ['username_taken', 'email_taken', 'account_erased', 'login_closed', 'idempotency_conflict'],
  failures: [...mailFailures, busy],
  example: {
    request: { username: 'alice', email: 'alice@example.com', language: 'en' },
    data: { external_user_id: 'self-1f4b7c35-3c0f-4e51-9a0b-6a4c1f0e7d22' },
  },
  handle: async (person, context) => {
    const { externalUserId, position, replayed } = await context.people.invite(person, context.meta);
    await projected(context, position);
    return { data: { external_user_id: externalUserId }, replayed };
  },
});

const inviteAgain: BoundEndpoint = endpoint({
  ...ofUsers,
  path: '/users/{external_user_id}/invite',
  operationId: 'adminInviteUserAgain',
  summary: 'Send the link for a password again',
  description:
    'To who signs in here, at the address of the account. The link that was sent before opens nothing any more.',
  input: z.object({ ...referenceInput.shape, language }),
  bodyOptional: true,
  data: z.object({ sent: z.literal(true) }),
  refusals: ['account_not_found', 'account_erased'],
  failures: [noLogin, ...mailFailures],
  example: { request: { language: 'en' }, data: { sent: true } },
  handle: async ({ external_user_id, language: spoken }, context) => {
    await context.people.inviteAgain(external_user_id, spoken);
    await noteAct(context, external_user_id, inviteAgain);
    return { data: { sent: true as const } };
  },
});

const endSessions: BoundEndpoint = endpoint({
  ...ofUsers,
  path: '/users/{external_user_id}/end-sessions',
  operationId: 'adminEndUserSessions',
  summary: 'End all sessions of a person',
  description: 'Of browsers and tokens, in the Portal; access keys are not touched. The password stays.',
  input: referenceInput,
  bodyOptional: true,
  data: z.object({ ended: z.int().meta({ description: 'sessions of browsers' }) }),
  refusals: ['account_not_found', 'account_erased'],
  example: { data: { ended: 2 } },
  handle: async ({ external_user_id }, context) => {
    const ended = await context.people.endSessionsOf(external_user_id);
    await noteAct(context, external_user_id, endSessions);
    return { data: { ended } };
  },
});

const clearFactors = endpoint({
  ...ofUsers,
  path: '/users/{external_user_id}/clear-second-factor',
  freshProof: true,
  operationId: 'adminClearUserSecondFactor',
  summary: 'Take the second factor of a person away',
  description:
    'For who has lost the authenticator and the recovery codes: the password alone signs in again. Passkeys go as well, every session ends, and the person gets a mail. Make sure that it is the person who asks.',
  input: z.object({ ...reasonInput.shape, language }),
  data: z.object({ cleared: z.literal(true) }),
  refusals: ['account_not_found', 'account_erased', 'login_not_found', 'login_closed'],
  failures: [noLogin, ...factorFailures('second_factor_missing')],
  example: { request: { reason: 'lost phone, shown by passport', language: 'en' }, data: { cleared: true } },
  handle: async ({ external_user_id, reason, language: spoken }, context) => {
    const given = { reason, language: spoken };
    const { position } = await context.people.clearFactors(external_user_id, given, context.meta);
    await projected(context, position);
    return { data: { cleared: true as const } };
  },
});

export const invitationEndpoints: readonly BoundEndpoint[] = [invite, inviteAgain, endSessions, clearFactors];
