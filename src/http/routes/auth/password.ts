import { z } from 'zod';
import { type BoundEndpoint, endpoint, signedInPerson } from '../../endpoint.js';
import { emailField, text } from '../../fields.js';
import { complaints } from '../../validation.js';
import { linkInvalid, loginFailures, mailFailures, sessionLimited } from './failures.js';
import { exampleMe, presentMe } from './present.js';
import { meData, newPasswordField, nothing, passwordInput } from './schema.js';

/** An address that somebody is written to. */
export const requiredEmail = emailField
  .refine((value) => value !== '', { params: complaints.required })
  .meta({ minLength: 1, maxLength: 100, format: 'email' });

const changed = { zh: '密码已更改', en: 'Password changed' };
const sent = {
  zh: '如果该邮箱属于某个账户，我们已发送邮件',
  en: 'If the address belongs to an account, a mail is on its way',
};

const change = endpoint({
  method: 'post',
  area: 'auth',
  path: '/password',
  access: 'person',
  operationId: 'changePassword',
  summary: 'Change your password',
  description:
    'The current password is asked for and counts as an attempt to sign in. Every other session and token ends; this session goes on under another cookie.',
  input: passwordInput,
  data: meData,
  messages: [changed],
  refusals: ['password_unfit', 'password_common', 'login_closed'],
  failures: [...loginFailures, sessionLimited],
  example: {
    request: { current_password: 'correct horse battery', new_password: 'staple correct horse' },
    data: exampleMe,
  },
  handle: async ({ current_password: current, new_password: next }, context) => {
    const { people, meta, address, agent, language } = context;
    const visit = { meta, language, visitor: { address, agent } };
    const { person, secret } = await people.changePassword(signedInPerson(context), { current, next }, visit);
    return {
      message: changed,
      data: await presentMe(context, person),
      cookie: { kind: 'person', secret },
    };
  },
});

const forgot = endpoint({
  method: 'post',
  area: 'auth',
  path: '/password/forgot',
  access: 'anybody',
  operationId: 'forgotPassword',
  summary: 'Ask for a link to set another password',
  description:
    'The link lives for 30 minutes and is used once. Neither the answer nor the time it takes tells whether the address belongs to an account.',
  input: z.object({ email: requiredEmail }),
  data: nothing,
  messages: [sent],
  refusals: [],
  failures: mailFailures,
  example: { request: { email: 'alice@example.com' }, data: {} },
  handle: async ({ email }, { people, meta, address, agent, language }) => {
    await people.forgot(email, { meta, language, visitor: { address, agent } });
    return { message: sent, data: {} };
  },
});

const reset = endpoint({
  method: 'post',
  area: 'auth',
  path: '/password/reset',
  access: 'anybody',
  operationId: 'resetPassword',
  summary: 'Set another password by a link',
  description: 'Ends every session and token of the account. Whoever wants to go on signs in.',
  input: z.object({
    token: text(1, 100).meta({ description: 'what stands behind `#` in the link' }),
    password: newPasswordField,
  }),
  data: nothing,
  messages: [changed],
  refusals: ['password_unfit', 'password_common', 'login_closed'],
  failures: [linkInvalid, loginFailures[1] as (typeof loginFailures)[number]],
  example: { request: { token: 'k3Zs…', password: 'staple correct horse' }, data: {} },
  handle: async ({ token, password }, { people, meta, address, agent, language }) => {
    await people.reset(token, password, { meta, language, visitor: { address, agent } });
    return { message: changed, data: {}, cookie: { kind: 'person', secret: null } };
  },
});

export const passwordEndpoints: readonly BoundEndpoint[] = [change, forgot, reset];
