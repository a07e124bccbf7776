import { z } from 'zod';
import { type BoundEndpoint, endpoint, type FailureRow, signedInPerson } from '../../endpoint.js';
import { text } from '../../fields.js';
import { sessionLimited, stepUpRequired } from './failures.js';
import { visitOf } from './present.js';
import {
  cameBack,
  cameBackInput,
  exampleCameBack,
  exampleThere,
  providerField,
  thereData,
  wayBack,
  wayThere,
} from './providers.js';
import { nothing } from './schema.js';

const proof: readonly FailureRow[] = [sessionLimited, stepUpRequired];
const missing: FailureRow = [404, 'identity_not_found', '未关联该登录方式'];

const identity = z.object({
  id: z.string(),
  provider: z.string(),
  label: z.string().meta({ description: 'what the service is called' }),
});
const shown = { id: '3f9ab2…', provider: 'company', label: 'Company' };

const list = endpoint({
  method: 'get',
  area: 'auth',
  path: '/identities',
  access: 'person',
  operationId: 'listIdentities',
  summary: 'List the services you sign in with',
  description: 'Those that are linked to your account.',
  input: nothing,
  data: z.object({ identities: z.array(identity) }),
  refusals: [],
  failures: [sessionLimited],
  example: { data: { identities: [shown] } },
  handle: async (_, context) => ({
    data: { identities: await context.people.identities(signedInPerson(context)) },
  }),
});

const start = endpoint({
  method: 'post',
  area: 'auth',
  path: '/identities/start',
  access: 'person',
  operationId: 'startLink',
  summary: 'Begin to link a service',
  description: 'As `/oidc/{provider}/start`; whoever comes back is linked to your account.',
  input: z.object({ provider: providerField }),
  data: thereData,
  refusals: [],
  failures: [...proof, ...wayThere],
  example: { request: { provider: 'company' }, data: exampleThere },
  handle: async ({ provider }, context) => {
    const { people, address, agent } = context;
    const { url, secret } = await people.beginLink(signedInPerson(context), provider, { address, agent });
    return { data: { url }, cookie: { kind: 'provider', secret } };
  },
});

const link = endpoint({
  method: 'post',
  area: 'auth',
  path: '/identities',
  access: 'person',
  operationId: 'linkIdentity',
  summary: 'Link a service',
  description:
    'With what its page came back with. From then on whoever you are there signs in to your account.',
  input: cameBackInput,
  data: nothing,
  refusals: ['identity_taken', 'login_not_found', 'login_closed'],
  failures: [...proof, ...wayBack],
  example: { request: { provider: 'company', ...exampleCameBack, state: 'link.af0ifjs…' }, data: {} },
  handle: async (given, context) => {
    await context.people.link(signedInPerson(context), cameBack(given, context), visitOf(context));
    return { data: {} };
  },
});

const unlink = endpoint({
  method: 'delete',
  area: 'auth',
  path: '/identities/{id}',
  access: 'person',
  operationId: 'unlinkIdentity',
  summary: 'Unlink a service',
  description: 'It signs in no more. Who has no password makes one by `POST /api/auth/password/forgot`.',
  input: z.object({ id: text(1, 64) }),
  bodyOptional: true,
  data: z.object({ id: z.string() }),
  refusals: ['login_not_found', 'login_closed'],
  failures: [...proof, missing],
  example: { data: { id: shown.id } },
  handle: async ({ id }, context) => {
    await context.people.unlink(signedInPerson(context), id, visitOf(context));
    return { data: { id } };
  },
});

/** Which services somebody signs in with. */
export const identityEndpoints: readonly BoundEndpoint[] = [list, start, link, unlink];
