import { z } from 'zod';
import { type BoundEndpoint, endpoint, signedInPerson } from '../../endpoint.js';
import { factorFailures } from '../../sessions/factor-failures.js';
import {
  begunTotpData,
  exampleBegunTotp,
  exampleRecoveryCodes,
  exampleSecondStep,
  factorCode,
  factorStandingData,
  recoveryCodesData,
  secondStepInput,
} from '../factor-schema.js';
import { loginFailures, sessionLimited, stepUpRequired } from './failures.js';
import { entered, exampleMe, visitOf } from './present.js';
import { meData, nothing } from './schema.js';

export const tooManyLogins = loginFailures.slice(1);
const proof = [sessionLimited, stepUpRequired];

const secondStep = endpoint({
  method: 'post',
  area: 'auth',
  path: '/login/second-factor',
  access: 'anybody',
  operationId: 'signInSecondStep',
  summary: 'Sign in: the second step',
  description:
    'With the ticket of the first one and a code of the authenticator, or a recovery code, each of which is taken once; sets the cookie of the session. Guesses are limited by account, wherever they come from.',
  input: secondStepInput,
  data: meData,
  refusals: [],
  failures: [...factorFailures('sign_in_expired', 'second_factor_wrong'), ...tooManyLogins],
  example: { request: exampleSecondStep, data: exampleMe },
  handle: async (given, context) => {
    const { people, address, agent } = context;
    return entered(context, await people.secondStep(given, { address, agent }));
  },
});

const standing = endpoint({
  method: 'get',
  area: 'auth',
  path: '/totp',
  access: 'person',
  operationId: 'totp',
  summary: 'Show your second factor',
  description: 'Whether an authenticator is asked for, and how many recovery codes are left.',
  input: nothing,
  data: factorStandingData,
  refusals: [],
  failures: [sessionLimited],
  example: { data: { enabled: true, recovery_codes_left: 10 } },
  handle: async (_, context) => {
    const { totp, codesLeft } = await context.people.factors(signedInPerson(context));
    return { data: { enabled: totp, recovery_codes_left: codesLeft } };
  },
});

const begin = endpoint({
  method: 'post',
  area: 'auth',
  path: '/totp',
  access: 'person',
  operationId: 'beginTotp',
  summary: 'Get a secret for an authenticator',
  description:
    'It is in force once a code of it was given to `/totp/confirm`, within 15 minutes; until then the one before is.',
  input: nothing,
  bodyOptional: true,
  data: begunTotpData,
  refusals: ['login_not_found'],
  failures: proof,
  example: { data: exampleBegunTotp },
  handle: async (_, context) => ({
    data: await context.people.beginTotp(signedInPerson(context), visitOf(context)),
  }),
});

const confirm = endpoint({
  method: 'post',
  area: 'auth',
  path: '/totp/confirm',
  access: 'person',
  operationId: 'confirmTotp',
  summary: 'Turn the authenticator on',
  description:
    'With a code that it shows. From now on a sign-in asks for one. Ten recovery codes are made where there are none.',
  input: z.object({ code: factorCode }),
  data: recoveryCodesData,
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, ...factorFailures('second_factor_wrong', 'second_factor_missing'), ...tooManyLogins],
  example: { request: { code: exampleSecondStep.code }, data: exampleRecoveryCodes },
  handle: async ({ code }, context) => {
    const codes = await context.people.confirmTotp(signedInPerson(context), code, visitOf(context));
    return { data: { recovery_codes: codes } };
  },
});

const remove = endpoint({
  method: 'delete',
  area: 'auth',
  path: '/totp',
  access: 'person',
  operationId: 'removeTotp',
  summary: 'Turn the authenticator off',
  description: 'With its recovery codes.',
  input: nothing,
  bodyOptional: true,
  data: nothing,
  refusals: ['login_not_found', 'login_closed'],
  failures: proof,
  example: { data: {} },
  handle: async (_, context) => {
    await context.people.removeTotp(signedInPerson(context), visitOf(context));
    return { data: {} };
  },
});

const renew = endpoint({
  method: 'post',
  area: 'auth',
  path: '/recovery-codes',
  access: 'person',
  operationId: 'renewRecoveryCodes',
  summary: 'Get other recovery codes',
  description: 'Ten; those before are taken no more.',
  input: nothing,
  bodyOptional: true,
  data: recoveryCodesData,
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, ...factorFailures('second_factor_missing')],
  example: { data: exampleRecoveryCodes },
  handle: async (_, context) => ({
    data: { recovery_codes: await context.people.renewCodes(signedInPerson(context), visitOf(context)) },
  }),
});

export const factorEndpoints: readonly BoundEndpoint[] = [
  secondStep,
  standing,
  begin,
  confirm,
  remove,
  renew,
];
