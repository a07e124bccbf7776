import { z } from 'zod';
import type { AuthContext } from '../../area-contexts.js';
import { type BoundEndpoint, endpoint, type FailureRow } from '../../endpoint.js';
import { nameText, text, usernameField } from '../../fields.js';
import type { CameBack } from '../../people/ports/identities.js';
import { factorFailures } from '../../sessions/factor-failures.js';
import { exampleHalfSignedIn, halfSignedInData, presentHalf, secondStepText } from '../factor-schema.js';
import { mailFailures } from './failures.js';
import { requiredEmail } from './password.js';
import { entered, exampleMe, visitOf } from './present.js';
import { meData, nothing } from './schema.js';

export const providerMissing: FailureRow = [404, 'provider_not_found', '不支持该登录方式'];
export const providerAway: FailureRow = [
  502,
  'provider_away',
  '该登录服务暂时无法访问，请稍后重试或使用其他方式登录',
];
const tooMany: FailureRow = [429, 'too_many_logins', '登录尝试过多，请稍后重试'];
/** Of whoever comes back. */
export const wayBack: readonly FailureRow[] = [
  ...factorFailures('sign_in_expired'),
  [401, 'provider_refused', '该登录服务没有确认您的身份，请重试'],
  providerMissing,
  providerAway,
];
/** Of whoever goes there. */
export const wayThere: readonly FailureRow[] = [providerMissing, providerAway, tooMany];

export const providerField = text(1, 32).meta({ description: 'as `GET /api/auth/providers` names it' });

const LONGEST_ANSWER = 4_000;
/** As the service has written it behind `?` in the address of the page. */
const answered = {
  code: text(1, LONGEST_ANSWER),
  state: text(1, 200),
  iss: text(1, 500).optional().meta({ description: 'RFC 9207, where the service says it' }),
};
export const cameBackInput = z.object({ provider: providerField, ...answered });
export const exampleCameBack = { code: 'SplxlOBe…', state: 'sign-in.af0ifjs…' };

/** What came back, and what this browser was given on its way there. */
export const cameBack = (
  { provider, code, state, iss }: z.output<typeof cameBackInput>,
  { visitSecret: secret }: Pick<AuthContext, 'visitSecret'>,
): CameBack => ({ provider, secret, answered: { code, state, ...(iss !== undefined && { iss }) } });

export const thereData = z.object({ url: z.string().meta({ description: 'where the browser goes' }) });
export const exampleThere = { url: 'https://accounts.example.com/authorize?…' };

const list = endpoint({
  method: 'get',
  area: 'auth',
  path: '/providers',
  access: 'anybody',
  operationId: 'listProviders',
  summary: 'List the services people sign in with',
  description: 'Beside a password: what operators have set up. Empty where there is none.',
  input: nothing,
  data: z.object({
    providers: z.array(z.object({ name: z.string(), kind: z.enum(['oidc', 'github']), label: z.string() })),
  }),
  refusals: [],
  example: { data: { providers: [{ name: 'company', kind: 'oidc' as const, label: 'Company' }] } },
  handle: async (_, { people }) => ({ data: { providers: await people.providers() } }),
});

const start = endpoint({
  method: 'post',
  area: 'auth',
  path: '/oidc/{provider}/start',
  access: 'anybody',
  operationId: 'startAtProvider',
  summary: 'Begin to sign in with another service',
  description:
    'Sets a cookie for ten minutes, which ties the way back to this browser. The service leads back to `/portal/callback/{provider}`, whose page posts what stands in its address to `callback`. `aff_code` is the referral code of whoever invited the person, for who registers: it is kept here meanwhile; one that nobody has is left alone, and so is any where REFERRALS is off.',
  input: z.object({ provider: providerField, aff_code: nameText(0, 32).optional() }),
  bodyOptional: true,
  data: thereData,
  refusals: [],
  failures: wayThere,
  example: { data: exampleThere },
  handle: async ({ provider, aff_code: inviterAffCode }, { people, address, agent }) => {
    const { url, secret } = await people.beginAtProvider(provider, { address, agent }, inviterAffCode);
    return { data: { url }, cookie: { kind: 'provider', secret } };
  },
});

const newcomerData = z.object({
  ticket: z.string().meta({ description: 'to register with, for half an hour' }),
  username: z.string().meta({ description: 'a proposal' }),
  email: z.string().nullable().meta({ description: 'that the service has verified' }),
});

const callback = endpoint({
  method: 'post',
  area: 'auth',
  path: '/oidc/{provider}/callback',
  access: 'anybody',
  operationId: 'signInByProvider',
  summary: 'Sign in with another service',
  description:
    'Whoever is linked there is signed in, after a second step where one is asked for. Anybody else is `newcomer`: they register, or sign in to what they have and link it. An address never links.',
  input: cameBackInput,
  data: z.object({ me: meData.nullable(), newcomer: newcomerData.nullable() }),
  further: {
    code: 'second_factor_required',
    message: secondStepText,
    data: halfSignedInData,
    example: exampleHalfSignedIn,
  },
  refusals: [],
  failures: wayBack,
  example: { request: exampleCameBack, data: { me: exampleMe, newcomer: null } },
  handle: async (given, context) => {
    const { people, address, agent } = context;
    const come = await people.signInByProvider(cameBack(given, context), { address, agent });
    if ('ticket' in come) return { further: true, data: presentHalf(come) };
    if ('newcomer' in come) {
      const { newcomer: ticket, username, email = null } = come;
      return { data: { me: null, newcomer: { ticket, username, email } } };
    }
    const { data: me, cookie } = await entered(context, come);
    return { data: { me, newcomer: null }, ...(cookie && { cookie }) };
  },
});

const registered = { zh: '注册成功', en: 'You are registered' };
const sent = { zh: '验证邮件已发送，请查收', en: 'A mail to verify your address is on its way' };

const register = endpoint({
  method: 'post',
  area: 'auth',
  path: '/oidc/{provider}/register',
  access: 'anybody',
  operationId: 'registerByProvider',
  summary: 'Register with another service',
  description:
    'With the ticket of `callback`. There is an account at once where the address is the one that the service has verified; of another one a link is sent, as by `POST /api/user/register`.',
  input: z.object({
    provider: providerField,
    ticket: text(1, 100),
    username: usernameField,
    email: requiredEmail,
  }),
  data: z.object({ status: z.enum(['verification_sent', 'registered']), me: meData.nullable() }),
  messages: [registered, sent],
  refusals: ['username_taken', 'email_taken', 'identity_taken'],
  failures: [
    ...factorFailures('sign_in_expired'),
    [403, 'registration_closed', '当前不开放注册'],
    [429, 'too_many_registrations', '注册过于频繁，请稍后再试'],
    tooMany,
    ...mailFailures,
  ],
  example: {
    request: { ticket: 'k3Zs…', username: 'alice', email: 'alice@example.com' },
    data: { status: 'registered' as const, me: exampleMe },
  },
  handle: async (given, context) => {
    const { status, started } = await context.people.registerByProvider(given, visitOf(context));
    if (!started) return { message: sent, data: { status, me: null } };
    const { data: me, cookie } = await entered(context, started);
    return { message: registered, data: { status, me }, ...(cookie && { cookie }) };
  },
});

/** Signing in with services of others. */
export const providerEndpoints: readonly BoundEndpoint[] = [list, start, callback, register];
