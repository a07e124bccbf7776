import { z } from 'zod';
import { operatorName } from '../../../../domain/operator/events.js';
import { roles } from '../../../../domain/operator/roles.js';
import type { OperatorView } from '../../../../projections/operator/query.js';
import type { AdminContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { text } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { operatorSessionEndpoints } from './sessions.js';

const name = operatorName.meta({ description: 'the name to log in with', examples: ['alice'] });
const role = z.enum(roles);
const reason = text(1, 500);

const operator = z.object({
  name: z.string(),
  role,
  enabled: z.boolean(),
  created_by: z.string(),
  created_at: z.int().meta({ description: 'unix seconds' }),
});
const shown = {
  name: 'alice',
  role: 'auditor',
  enabled: true,
  created_by: 'operator:root',
  created_at: 1795219200,
};

const present = (view: OperatorView) => ({
  name: view.name,
  role: view.role,
  enabled: view.enabled,
  created_by: view.createdBy,
  created_at: Math.floor(view.createdAt.getTime() / 1000),
});

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/operators',
  access: 'operators:read',
  operationId: 'adminListOperators',
  summary: 'List the operators',
  description: 'All of them, also those that were disabled.',
  input: z.object({}),
  data: z.object({ operators: z.array(operator) }),
  refusals: [],
  example: { data: { operators: [shown] } },
  handle: async (_, { admin }) => ({ data: { operators: (await admin.listOperators()).map(present) } }),
});

const create = endpoint({
  method: 'post',
  area: 'admin',
  path: '/operators',
  access: 'operators:write',
  freshProof: true,
  operationId: 'adminCreateOperator',
  summary: 'Create an operator',
  description: 'With a first password of 12 to 200 characters, which the operator should change.',
  input: z.object({ name, role, password: text(1, 200) }),
  data: operator,
  refusals: ['operator_exists', 'operator_invalid', 'password_unfit'],
  example: { request: { name: 'alice', role: 'auditor', password: 'correct horse battery' }, data: shown },
  handle: async (input, context) => {
    const result = accepted(await context.admin.operators.create(input, context.meta));
    return { data: await shownAfter(result.position, input.name, context), replayed: result.replayed };
  },
});

const change = endpoint({
  method: 'patch',
  area: 'admin',
  path: '/operators/{name}',
  access: 'operators:write',
  freshProof: true,
  operationId: 'adminChangeOperator',
  summary: 'Change the role of an operator, disable or enable',
  description:
    'Takes effect with the next request of the operator. Nobody disables themselves or changes their own role, so that an admin is left.',
  input: z.object({
    name,
    role: role.optional(),
    enabled: z.boolean().optional(),
    reason: reason.default('').meta({ description: 'why an operator is disabled' }),
  }),
  data: operator,
  refusals: ['operator_not_found', 'operator_self', 'operator_invalid'],
  example: { request: { role: 'finance' }, data: { ...shown, role: 'finance' } },
  handle: async (input, context) => {
    const { operators } = context.admin;
    let position = -1n;
    if (input.role !== undefined)
      ({ position } = accepted(
        await operators.changeRole({ name: input.name, role: input.role }, context.meta),
      ));
    if (input.enabled === true) ({ position } = accepted(await operators.enable(input, context.meta)));
    if (input.enabled === false) ({ position } = accepted(await operators.disable(input, context.meta)));
    return { data: await shownAfter(position, input.name, context) };
  },
});

const password = endpoint({
  method: 'post',
  area: 'admin',
  path: '/operators/{name}/password',
  access: 'operators:write',
  freshProof: true,
  operationId: 'adminSetOperatorPassword',
  summary: 'Set the password of an operator',
  description: 'Ends every login of the operator.',
  input: z.object({ name, password: text(1, 200) }),
  data: z.object({ name: z.string() }),
  refusals: ['operator_not_found', 'operator_invalid', 'password_unfit'],
  example: { request: { password: 'staple correct horse' }, data: { name: 'alice' } },
  handle: async (input, { admin, meta }) => {
    const { value, replayed } = accepted(await admin.operators.setPassword(input, meta));
    return { data: value, replayed };
  },
});

const clearFactors = endpoint({
  method: 'delete',
  area: 'admin',
  path: '/operators/{name}/second-factor',
  access: 'operators:write',
  freshProof: true,
  operationId: 'adminClearSecondFactor',
  summary: 'Take the second factor of an operator away',
  description:
    'For who has lost the authenticator and the recovery codes: the password alone logs in again. Ends every login of the operator.',
  input: z.object({ name }),
  bodyOptional: true,
  data: z.object({ name: z.string() }),
  refusals: ['operator_not_found', 'operator_invalid'],
  example: { data: { name: 'alice' } },
  handle: async (input, { admin, meta }) => {
    const { value, replayed } = accepted(await admin.operators.clearFactors(input, meta));
    return { data: value, replayed };
  },
});

async function shownAfter(position: bigint, operatorNamed: string, context: AdminContext) {
  await projected(context, position);
  const found = (await context.admin.listOperators()).find((each) => each.name === operatorNamed);
  if (!found) throw refused({ code: 'operator_not_found' });
  return present(found);
}

export const operatorEndpoints: readonly BoundEndpoint[] = [
  list,
  create,
  change,
  password,
  clearFactors,
  ...operatorSessionEndpoints,
];
