import { accepted, type BoundEndpoint, endpoint, signedIn } from '../../../endpoint.js';
import type { Login } from '../../../operators/ports.js';
import { factorFailures } from '../../../sessions/factor-failures.js';
import { tokenRequiredRow } from '../../../sessions/token-required.js';
import { browserEndpoints } from './browser.js';
import { ownPasskeyEndpoints } from './passkeys.js';
import { ownFactorEndpoints } from './factors.js';
import { ownSessionEndpoints } from './sessions.js';
import { auditor, loginFailures, present } from './present.js';
import { loginData, nameData, nothing, operatorData, passwordInput, tokenInput } from './schema.js';

const presentLogin = (login: Login) => ({
  token: login.token,
  token_type: 'Bearer',
  expires_at: login.expiresAt,
  operator: present(login),
});

const example = {
  data: presentLogin({ ...auditor, token: 'eyJhbGciOiJIUzI1NiJ9.…', expiresAt: 1795221000 }),
};

const login = endpoint({
  method: 'post',
  area: 'admin',
  path: '/login',
  access: 'anybody',
  operationId: 'adminLogin',
  inDoubt: true,
  summary: 'Log in as an operator',
  description:
    'Attempts are limited by name and by address; `Retry-After` says when to come again. The answer does not tell what was wrong. Who has a second factor gives a code of it as well.',
  input: tokenInput,
  data: loginData,
  refusals: [],
  failures: [...loginFailures, ...factorFailures('second_factor_required', 'second_factor_wrong')],
  example: { request: { name: 'alice', password: 'correct horse battery' }, ...example },
  handle: async (given, { admin, address, agent }) => ({
    data: presentLogin(await admin.auth.login({ ...given, address, agent })),
  }),
});

const renew = endpoint({
  method: 'post',
  area: 'admin',
  path: '/renew',
  access: 'signed-in',
  operationId: 'adminRenew',
  inDoubt: true,
  summary: 'Get a fresh token',
  description:
    'A token lasts 30 minutes; a login, however often it is renewed, 12 hours. With a token, not with a cookie.',
  input: nothing,
  bodyOptional: true,
  data: loginData,
  refusals: [],
  failures: [tokenRequiredRow, ...loginFailures.slice(0, 1)],
  example,
  handle: async (_, context) => ({ data: presentLogin(await context.admin.auth.renew(signedIn(context))) }),
});

const logout = endpoint({
  method: 'post',
  area: 'admin',
  path: '/logout',
  access: 'signed-in',
  operationId: 'adminLogout',
  inDoubt: true,
  summary: 'End every login of yours',
  description: 'All tokens of the operator stop working at once, on every process.',
  input: nothing,
  bodyOptional: true,
  data: nameData,
  refusals: [],
  example: { data: { name: 'alice' } },
  handle: async (_, context) => {
    const { name } = signedIn(context);
    await context.admin.auth.logout(name);
    return { data: { name } };
  },
});

const me = endpoint({
  method: 'get',
  area: 'admin',
  path: '/me',
  access: 'signed-in',
  operationId: 'adminMe',
  inDoubt: true,
  summary: 'Show who is logged in',
  description: 'And what the role may do.',
  input: nothing,
  data: operatorData,
  refusals: [],
  example: { data: present(auditor) },
  handle: (_, context) => Promise.resolve({ data: present(signedIn(context)) }),
});

const password = endpoint({
  method: 'post',
  area: 'admin',
  path: '/password',
  access: 'signed-in',
  operationId: 'adminChangePassword',
  summary: 'Change your password',
  description:
    'Ends every login, this one too. The current password is asked for and counts as an attempt to log in.',
  input: passwordInput,
  data: nameData,
  refusals: ['password_unfit'],
  failures: loginFailures,
  example: {
    request: { current_password: 'correct horse battery', new_password: 'staple correct horse' },
    data: { name: 'alice' },
  },
  handle: async ({ current_password, new_password }, context) => {
    const { name } = signedIn(context);
    const { admin, address, meta } = context;
    await admin.auth.prove({ name, password: current_password, address });
    accepted(await admin.operators.setPassword({ name, password: new_password }, meta));
    return { data: { name } };
  },
});

export const loginEndpoints: readonly BoundEndpoint[] = [
  login,
  ...browserEndpoints,
  renew,
  logout,
  me,
  password,
  ...ownFactorEndpoints,
  ...ownPasskeyEndpoints,
  ...ownSessionEndpoints,
];
