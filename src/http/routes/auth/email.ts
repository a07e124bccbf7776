import { z } from 'zod';
import { type BoundEndpoint, endpoint, projected, signedInPerson } from '../../endpoint.js';
import { text } from '../../fields.js';
import { linkInvalid, loginFailures, mailFailures, sessionLimited, stepUpRequired } from './failures.js';
import { requiredEmail } from './password.js';
import { exampleMe, presentMe } from './present.js';
import { meData, nothing, stepUpInput } from './schema.js';

const sent = { zh: '已向新邮箱发送邮件', en: 'A mail to the new address is on its way' };
const changed = { zh: '邮箱已更改', en: 'The address was changed' };

const stepUp = endpoint({
  method: 'post',
  area: 'auth',
  path: '/step-up',
  access: 'person',
  operationId: 'stepUp',
  summary: 'Give your password again',
  description:
    'For ten minutes, for what asks for it (403 `step_up_required`). The session goes on under another cookie; it counts as an attempt to sign in. Programs get another token instead.',
  input: stepUpInput,
  data: meData,
  refusals: [],
  failures: [...loginFailures, sessionLimited],
  example: { request: { password: 'correct horse battery' }, data: exampleMe },
  handle: async ({ password }, context) => {
    const { people, meta, address, agent, language } = context;
    const visit = { meta, language, visitor: { address, agent } };
    const { person, secret } = await people.stepUp(signedInPerson(context), password, visit);
    return { data: await presentMe(context, person), cookie: { kind: 'person', secret } };
  },
});

const ask = endpoint({
  method: 'post',
  area: 'auth',
  path: '/email',
  access: 'person',
  operationId: 'changeEmail',
  summary: 'Ask for another address',
  description:
    'A mail with a link goes to the new address; it becomes the account’s when the link is used within an hour, and the old one is told. The answer does not tell whether the new address belongs to another account: its owner gets a mail.',
  input: z.object({ email: requiredEmail }),
  data: nothing,
  messages: [sent],
  refusals: ['login_not_found'],
  failures: [sessionLimited, stepUpRequired, ...mailFailures],
  example: { request: { email: 'alice@example.org' }, data: {} },
  handle: async ({ email }, context) => {
    const { people, meta, address, agent, language } = context;
    const visit = { meta, language, visitor: { address, agent } };
    await people.askEmail(signedInPerson(context), email, visit);
    return { message: sent, data: {} };
  },
});

const confirm = endpoint({
  method: 'post',
  area: 'auth',
  path: '/email/confirm',
  access: 'anybody',
  operationId: 'confirmEmail',
  summary: 'Use the link to change the address',
  description: 'Once, within an hour. Sessions go on; nobody is signed in by it.',
  input: z.object({ token: text(1, 100).meta({ description: 'what stands behind `#` in the link' }) }),
  data: nothing,
  messages: [changed],
  refusals: ['email_taken', 'account_erased', 'login_closed', 'login_not_found'],
  failures: [linkInvalid],
  example: { request: { token: 'k3Zs…' }, data: {} },
  handle: async ({ token }, context) => {
    const { people, meta, address, agent, language } = context;
    const visit = { meta, language, visitor: { address, agent } };
    const { position } = await people.confirmEmail(token, visit);
    if (position !== undefined) await projected(context, position);
    return { message: changed, data: {} };
  },
});

export const emailEndpoints: readonly BoundEndpoint[] = [stepUp, ask, confirm];
