import { type Answer, type BoundEndpoint, endpoint, signedIn } from '../../../endpoint.js';
import type { BegunSession } from '../../../operators/ports.js';
import { factorFailures } from '../../../sessions/factor-failures.js';
import {
  exampleHalfSignedIn,
  exampleSecondStep,
  halfSignedInData,
  presentHalf,
  secondStepInput,
  secondStepText,
} from '../../factor-schema.js';
import { auditor, loginFailures, present } from './present.js';
import { loginInput, nameData, nothing, operatorData, stepUpInput } from './schema.js';

const started = ({ operator, secret }: BegunSession): Answer => ({
  data: present(operator),
  cookie: { kind: 'operator', secret },
});

const begin = endpoint({
  method: 'post',
  area: 'admin',
  path: '/session',
  access: 'anybody',
  operationId: 'adminBeginSession',
  inDoubt: true,
  summary: 'Log in with a browser',
  description:
    'As `/login`, with a cookie instead of a token: it ends half an hour after it was last used, and after twelve hours. Answered with 202 where a second factor is asked for.',
  input: loginInput,
  data: operatorData,
  further: {
    code: 'second_factor_required',
    message: secondStepText,
    data: halfSignedInData,
    example: exampleHalfSignedIn,
  },
  refusals: [],
  failures: loginFailures,
  example: { request: { name: 'alice', password: 'correct horse battery' }, data: present(auditor) },
  handle: async ({ name, password }, { admin, address, agent }) => {
    const begun = await admin.auth.begin({ name, password, address }, agent);
    return 'ticket' in begun ? { further: true, data: presentHalf(begun) } : started(begun);
  },
});

const secondStep = endpoint({
  method: 'post',
  area: 'admin',
  path: '/session/second-factor',
  access: 'anybody',
  operationId: 'adminBeginSessionSecondStep',
  inDoubt: true,
  summary: 'Log in with a browser: the second step',
  description: 'With the ticket of the first one and a code of the authenticator, or a recovery code.',
  input: secondStepInput,
  data: operatorData,
  refusals: [],
  failures: [...factorFailures('sign_in_expired', 'second_factor_wrong'), ...loginFailures.slice(1)],
  example: { request: exampleSecondStep, data: present(auditor) },
  handle: async (given, { admin, address, agent }) =>
    started(await admin.auth.secondStep(given, { address, agent })),
});

const stepUp = endpoint({
  method: 'post',
  area: 'admin',
  path: '/step-up',
  access: 'signed-in',
  operationId: 'adminStepUp',
  summary: 'Give your password again',
  description:
    'For ten minutes, for what asks for it at a browser (403 `step_up_required`). The session goes on under another cookie; it counts as an attempt to log in.',
  input: stepUpInput,
  data: operatorData,
  refusals: [],
  failures: loginFailures,
  example: { request: { password: 'correct horse battery' }, data: present(auditor) },
  handle: async ({ password }, context) => {
    const { admin, address, agent } = context;
    return started(await admin.auth.stepUp(signedIn(context), password, { address, agent }));
  },
});

const end = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/session',
  access: 'signed-in',
  operationId: 'adminEndSession',
  inDoubt: true,
  summary: "End this browser's session",
  description: 'Other logins go on; `/logout` ends them all.',
  input: nothing,
  bodyOptional: true,
  data: nameData,
  refusals: [],
  example: { data: { name: 'alice' } },
  handle: async (_, context) => {
    const operator = signedIn(context);
    await context.admin.auth.endSession(operator);
    return { data: { name: operator.name }, cookie: { kind: 'operator', secret: null } };
  },
});

/** Logins of browsers: a cookie instead of a token. */
export const browserEndpoints: readonly BoundEndpoint[] = [begin, secondStep, stepUp, end];
