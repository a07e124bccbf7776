import { permissionsOf } from '../../../../domain/operator/roles.js';
import { accepted, type BoundEndpoint, endpoint, type FailureRow, signedIn } from '../../../endpoint.js';
import type { Login, SignedIn } from '../../../operators/ports.js';
import { loginData, loginInput, nameData, nothing, operatorData, passwordInput } from './schema.js';

const present = ({ name, role }: SignedIn) => ({ name, role, permissions: permissionsOf(role) });

const presentLogin = (login: Login) => ({
  token: login.token,
  token_type: 'Bearer',
  expires_at: login.expiresAt,
  operator: present(login),
});

const auditor = { name: 'alice', role: 'auditor', session: 1n, since: 1795219200 } as const;
const example = {
  data: presentLogin({ ...auditor, token: 'eyJhbGciOiJIUzI1NiJ9.…', expiresAt: 1795221000 }),
};

const loginFailures: readonly FailureRow[] = [
  [401, 'login_failed', '用户名或密码错误'],
  [429, 'too_many_logins', '登录尝试过多，请稍后重试'],
];

const login = endpoint({
  method: 'post',
  area: 'admin',
  path: '/login',
  access: 'anybody',
  operationId: 'adminLogin',
  summary: 'Log in as an operator',
  description:
    'Attempts are limited by name and by address; `Retry-After` says when to come again. The answer does not tell what was wrong.',
  input: loginInput,
  data: loginData,
  refusals: [],
  failures: loginFailures,
  example: { request: { name: 'alice', password: 'correct horse battery' }, ...example },
  handle: async ({ name, password }, { admin, address }) => ({
    data: presentLogin(await admin.auth.login({ name, password, address })),
  }),
});

const renew = endpoint({
  method: 'post',
  area: 'admin',
  path: '/renew',
  access: 'signed-in',
  operationId: 'adminRenew',
  summary: 'Get a fresh token',
  description: 'A token lasts 30 minutes; a login, however often it is renewed, 12 hours.',
  input: nothing,
  bodyOptional: true,
  data: loginData,
  refusals: [],
  example,
  handle: async (_, context) => ({ data: presentLogin(await context.admin.auth.renew(signedIn(context))) }),
});

const logout = endpoint({
  method: 'post',
  area: 'admin',
  path: '/logout',
  access: 'signed-in',
  operationId: 'adminLogout',
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
    await admin.auth.login({ name, password: current_password, address });
    accepted(await admin.operators.setPassword({ name, password: new_password }, meta));
    return { data: { name } };
  },
});

const begin = endpoint({
  method: 'post',
  area: 'admin',
  path: '/session',
  access: 'anybody',
  operationId: 'adminBeginSession',
  summary: 'Log in with a browser',
  description:
    'As `/login`, with a cookie instead of a token: it ends half an hour after it was last used, and after twelve hours.',
  input: loginInput,
  data: operatorData,
  refusals: [],
  failures: loginFailures,
  example: { request: { name: 'alice', password: 'correct horse battery' }, data: present(auditor) },
  handle: async ({ name, password }, { admin, address, agent }) => {
    const { operator, secret } = await admin.auth.begin({ name, password, address }, agent);
    return { data: present(operator), cookie: { kind: 'operator', secret } };
  },
});

const end = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/session',
  access: 'signed-in',
  operationId: 'adminEndSession',
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

export const loginEndpoints: readonly BoundEndpoint[] = [login, begin, end, renew, logout, me, password];
