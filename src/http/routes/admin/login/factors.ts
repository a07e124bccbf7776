import { z } from 'zod';
import { type BoundEndpoint, endpoint, signedIn } from '../../../endpoint.js';
import { factorFailures } from '../../../sessions/factor-failures.js';
import {
  begunTotpData,
  exampleBegunTotp,
  exampleRecoveryCodes,
  exampleSecondStep,
  factorCode,
  factorStandingData,
  recoveryCodesData,
} from '../../factor-schema.js';
import { loginFailures } from './present.js';
import { nothing } from './schema.js';

const tooManyLogins = loginFailures.slice(1);

const standing = endpoint({
  method: 'get',
  area: 'admin',
  path: '/totp',
  access: 'signed-in',
  operationId: 'adminTotp',
  summary: 'Show your second factor',
  description: 'Whether an authenticator is asked for, and how many recovery codes are left.',
  input: nothing,
  data: factorStandingData,
  refusals: [],
  example: { data: { enabled: true, recovery_codes_left: 10 } },
  handle: async (_, context) => {
    const { totp, codesLeft } = await context.admin.factors.standing(signedIn(context));
    return { data: { enabled: totp, recovery_codes_left: codesLeft } };
  },
});

const begin = endpoint({
  method: 'post',
  area: 'admin',
  path: '/totp',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminBeginTotp',
  summary: 'Get a secret for an authenticator',
  description:
    'It is in force once a code of it was given to `/totp/confirm`, within 15 minutes; until then the one before is.',
  input: nothing,
  bodyOptional: true,
  data: begunTotpData,
  refusals: [],
  example: { data: exampleBegunTotp },
  handle: async (_, context) => ({
    data: await context.admin.factors.begin(signedIn(context), context.meta),
  }),
});

const confirm = endpoint({
  method: 'post',
  area: 'admin',
  path: '/totp/confirm',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminConfirmTotp',
  summary: 'Turn the authenticator on',
  description:
    'With a code that it shows. From now on every login asks for one, those of programs too. Ten recovery codes are made where there are none.',
  input: z.object({ code: factorCode }),
  data: recoveryCodesData,
  refusals: ['operator_not_found'],
  failures: [...factorFailures('second_factor_wrong', 'second_factor_missing'), ...tooManyLogins],
  example: { request: { code: exampleSecondStep.code }, data: exampleRecoveryCodes },
  handle: async ({ code }, context) => {
    const { admin, meta, address } = context;
    const codes = await admin.factors.confirm(signedIn(context), code, { meta, address });
    return { data: { recovery_codes: codes } };
  },
});

const remove = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/totp',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminRemoveTotp',
  summary: 'Turn the authenticator off',
  description: 'With its recovery codes.',
  input: nothing,
  bodyOptional: true,
  data: nothing,
  refusals: ['operator_not_found'],
  example: { data: {} },
  handle: async (_, context) => {
    await context.admin.factors.remove(signedIn(context), context.meta);
    return { data: {} };
  },
});

const renew = endpoint({
  method: 'post',
  area: 'admin',
  path: '/recovery-codes',
  access: 'signed-in',
  freshProof: true,
  operationId: 'adminRenewRecoveryCodes',
  summary: 'Get other recovery codes',
  description: 'Ten; those before are taken no more.',
  input: nothing,
  bodyOptional: true,
  data: recoveryCodesData,
  refusals: ['operator_not_found'],
  failures: factorFailures('second_factor_missing'),
  example: { data: exampleRecoveryCodes },
  handle: async (_, context) => ({
    data: { recovery_codes: await context.admin.factors.renewCodes(signedIn(context), context.meta) },
  }),
});

export const ownFactorEndpoints: readonly BoundEndpoint[] = [standing, begin, confirm, remove, renew];
