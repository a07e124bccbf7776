import { type BoundEndpoint, endpoint, signedInPerson } from '../../endpoint.js';
import { factorFailures } from '../../sessions/factor-failures.js';
import { tokenRequiredRow } from '../../sessions/token-required.js';
import {
  exampleHalfSignedIn,
  factorCode,
  halfSignedInData,
  presentHalf,
  secondStepText,
} from '../factor-schema.js';
import { loginFailures, sessionLimited } from './failures.js';
import { entered, exampleMe, exampleToken, presentMe, presentToken } from './present.js';
import { meData, nothing, signInInput, tokenData } from './schema.js';

const credentials = { login: 'alice@example.com', password: 'correct horse battery' };

const signIn = endpoint({
  method: 'post',
  area: 'auth',
  path: '/login',
  access: 'anybody',
  operationId: 'signIn',
  summary: 'Sign in',
  description:
    'With the username or the e-mail address; sets the cookie of the session, or is answered with 202 where a second factor is asked for. Attempts are limited by name and by address; `Retry-After` says when to come again. The answer does not tell what was wrong.',
  input: signInInput,
  data: meData,
  further: {
    code: 'second_factor_required',
    message: secondStepText,
    data: halfSignedInData,
    example: exampleHalfSignedIn,
  },
  refusals: [],
  failures: loginFailures,
  example: { request: credentials, data: exampleMe },
  handle: async (given, context) => {
    const { people, address, agent } = context;
    const begun = await people.signIn(given, { address, agent });
    return 'ticket' in begun ? { further: true, data: presentHalf(begun) } : entered(context, begun);
  },
});

const signOut = endpoint({
  method: 'post',
  area: 'auth',
  path: '/logout',
  access: 'person',
  operationId: 'signOut',
  summary: 'Sign out',
  description:
    'Ends this session; others go on. With a token, the sign-in that it is of, with all its tokens.',
  input: nothing,
  bodyOptional: true,
  data: nothing,
  refusals: [],
  example: { data: {} },
  handle: async (_, context) => {
    const person = signedInPerson(context);
    await context.people.endSession(person, person.listed);
    return { data: {}, cookie: { kind: 'person', secret: null } };
  },
});

const me = endpoint({
  method: 'get',
  area: 'auth',
  path: '/me',
  access: 'person',
  operationId: 'me',
  summary: 'Show who is signed in',
  description: 'And how.',
  input: nothing,
  data: meData,
  refusals: ['account_not_found'],
  example: { data: exampleMe },
  handle: async (_, context) => ({ data: await presentMe(context, signedInPerson(context)) }),
});

const token = endpoint({
  method: 'post',
  area: 'auth',
  path: '/token',
  access: 'anybody',
  operationId: 'createUserToken',
  summary: 'Get a token for a program',
  description:
    'A token lasts 30 minutes; a sign-in, however often it is renewed, 12 hours. It is listed among the sessions, and ends with its row there or another password. Where the account has a second factor, a code of it is given as well.',
  input: signInInput.extend({ code: factorCode.optional() }),
  data: tokenData,
  refusals: [],
  failures: [...loginFailures, ...factorFailures('second_factor_required', 'second_factor_wrong')],
  example: { request: credentials, data: exampleToken },
  handle: async (given, { people, address, agent }) => ({
    data: presentToken(await people.token(given, { address, agent })),
  }),
});

const renew = endpoint({
  method: 'post',
  area: 'auth',
  path: '/renew',
  access: 'person',
  operationId: 'renewUserToken',
  summary: 'Get a fresh token',
  description: 'Of the same sign-in: its twelve hours are not begun anew. With a token, not with a cookie.',
  input: nothing,
  bodyOptional: true,
  data: tokenData,
  refusals: [],
  failures: [sessionLimited, tokenRequiredRow],
  example: { data: exampleToken },
  handle: async (_, context) => ({
    data: presentToken(await context.people.renew(signedInPerson(context))),
  }),
});

export const signInEndpoints: readonly BoundEndpoint[] = [signIn, signOut, me, token, renew];
