import { z } from 'zod';
import { type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { nameText, text, usernameField } from '../../../fields.js';
import type { UserContext } from '../../../area-contexts.js';
import { linkInvalid, mailFailures } from '../../auth/failures.js';
import { requiredEmail } from '../../auth/password.js';
import { newPasswordField } from '../../auth/schema.js';

const linkToken = text(1, 100).meta({ description: 'what stands behind `#` in the link' });

const texts = {
  sent: { zh: '验证邮件已发送，请查收', en: 'A mail to verify your address is on its way' },
  registered: { zh: '注册成功', en: 'You are registered' },
  verified: { zh: '邮箱已验证', en: 'The address is verified' },
};

const register = endpoint({
  method: 'post',
  area: 'user',
  path: '/register',
  access: 'anybody',
  operationId: 'register',
  summary: 'Register',
  description:
    'A mail with a link is sent to the address; there is an account once the link was used, within 24 hours. Neither the answer nor the time it takes tells whether the address belongs to an account already: its owner gets a mail that says so. Where the setting `registration.verify_email` is off, there is an account at once. `aff_code` is the referral code of whoever invited the person: one that nobody has is left alone, and so is any where REFERRALS is off.',
  input: z.object({
    username: usernameField,
    email: requiredEmail,
    password: newPasswordField,
    aff_code: nameText(0, 32).optional(),
  }),
  data: z.object({
    status: z.enum(['verification_sent', 'registered']),
    resend_after_seconds: z.int().meta({ description: 'when another mail may be asked for' }),
  }),
  messages: [texts.sent, texts.registered],
  refusals: ['username_taken', 'email_taken', 'password_unfit', 'password_common'],
  failures: [
    [403, 'registration_closed', '当前不开放注册'],
    [429, 'too_many_registrations', '注册过于频繁，请稍后再试'],
    [429, 'too_many_logins', '登录尝试过多，请稍后重试'],
    ...mailFailures,
  ],
  example: {
    request: { username: 'alice', email: 'alice@example.com', password: 'correct horse battery' },
    data: { status: 'verification_sent', resend_after_seconds: 60 },
  },
  handle: async ({ aff_code: inviterAffCode, ...person }, context) => {
    const { status, position } = await context.people.register(
      { ...person, inviterAffCode },
      visitOf(context),
    );
    if (position !== undefined) await projected(context, position);
    return {
      message: status === 'registered' ? texts.registered : texts.sent,
      data: { status, resend_after_seconds: RESEND_SECONDS },
    };
  },
});

const RESEND_SECONDS = 60;

const visitOf = ({ meta, language, address, agent }: UserContext) => ({
  meta,
  language,
  visitor: { address, agent },
});

const verifiedData = z.object({ verified: z.literal(true) });
const verifyRefusals = ['username_taken', 'email_taken', 'account_erased', 'login_closed'] as const;

async function verified(context: UserContext, token: string, username: string | undefined) {
  const { position } = await context.people.verify(token, username, visitOf(context));
  if (position !== undefined) await projected(context, position);
  return { message: texts.verified, data: { verified: true } };
}

const verify = endpoint({
  method: 'post',
  area: 'user',
  path: '/verify-email',
  access: 'anybody',
  operationId: 'verifyEmail',
  summary: 'Use the link of a registration',
  description:
    'Makes the account; nobody is signed in by it. Where the username was taken meanwhile (409 `username_taken`), send the token again with another one. Used again, the link says the same for as long as it lives.',
  input: z.object({ token: linkToken, username: usernameField.optional() }),
  data: verifiedData,
  messages: [texts.verified],
  refusals: verifyRefusals,
  failures: [linkInvalid],
  example: { request: { token: 'k3Zs…' }, data: { verified: true } },
  handle: ({ token, username }, context) => verified(context, token, username),
});

const verifyByAddress = endpoint({
  method: 'get',
  area: 'user',
  path: '/verify-email',
  access: 'anybody',
  operationId: 'verifyEmailByAddress',
  summary: 'Use the link of a registration, as programs did before',
  description:
    'As `POST`, for front ends that know this one; our own mails lead to a page whose button posts, because mail scanners open links.',
  input: z.object({ token: linkToken }),
  data: verifiedData,
  messages: [texts.verified],
  refusals: verifyRefusals,
  failures: [linkInvalid],
  example: { data: { verified: true } },
  handle: ({ token }, context) => verified(context, token, undefined),
});

const resend = endpoint({
  method: 'post',
  area: 'user',
  path: '/resend-verification',
  access: 'anybody',
  operationId: 'resendVerification',
  summary: 'Send the link of a registration again',
  description: 'Another link: the one before is dead. Once a minute and five times a day to an address.',
  input: z.object({ email: requiredEmail }),
  data: z.object({ resend_after_seconds: z.int() }),
  messages: [texts.sent],
  refusals: [],
  failures: mailFailures,
  example: { request: { email: 'alice@example.com' }, data: { resend_after_seconds: 60 } },
  handle: async ({ email }, context) => {
    await context.people.resend(email, visitOf(context));
    return { message: texts.sent, data: { resend_after_seconds: RESEND_SECONDS } };
  },
});

export const registerEndpoints: readonly BoundEndpoint[] = [register, verify, verifyByAddress, resend];
