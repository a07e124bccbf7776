import { z } from 'zod';
import { accepted, type BoundEndpoint, endpoint } from '../../../endpoint.js';
import { nameText, originField } from '../../../fields.js';
import type { ListedServiceKey } from '../../../operators/ports.js';
import { scopes } from '../../../ports.js';
import { seconds } from '../paging.js';

const scope = z.enum(scopes);
const key = {
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  return_origins: z
    .array(z.string())
    .meta({ description: 'where people whom it hands over may be led back to' }),
  created_at: z.int().meta({ description: 'unix seconds' }),
  revoked_at: z.int().nullable(),
};
const shown = {
  id: '3',
  name: 'shop',
  scopes: ['users', 'topups', 'tokens', 'read', 'sessions'] as const,
  return_origins: ['https://shop.example.com'],
  created_at: 1795219200,
  revoked_at: null,
};

const present = (row: ListedServiceKey) => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  return_origins: row.returnOrigins,
  created_at: seconds(row.createdAt),
  revoked_at: row.revokedAt && seconds(row.revokedAt),
});

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/service-keys',
  access: 'service-keys:read',
  operationId: 'adminListServiceKeys',
  summary: 'List the keys of front ends',
  description: 'Also those that were revoked. The keys themselves are stored as keyed hashes.',
  input: z.object({}),
  data: z.object({ service_keys: z.array(z.object(key)) }),
  refusals: [],
  example: { data: { service_keys: [shown] } },
  handle: async (_, { admin }) => ({
    data: { service_keys: (await admin.listServiceKeys()).map(present) },
  }),
});

const create = endpoint({
  method: 'post',
  area: 'admin',
  path: '/service-keys',
  access: 'service-keys:write',
  freshProof: true,
  operationId: 'adminCreateServiceKey',
  summary: 'Create a key for a front end',
  description: 'The key is shown here and never again. Sent again, this makes another key.',
  input: z.object({
    name: nameText(1, 100),
    scopes: z.array(scope).min(1).max(scopes.length),
    return_origins: z.array(originField).max(20).optional(),
  }),
  data: z.object({ ...key, key: z.string() }),
  refusals: [],
  example: {
    request: { name: 'shop', scopes: shown.scopes, return_origins: shown.return_origins },
    data: { ...shown, key: 'cfs_…' },
  },
  handle: async ({ name, scopes: given, return_origins: returnOrigins = [] }, { admin, meta }) => {
    const { value } = accepted(await admin.serviceKeys.create({ name, scopes: given, returnOrigins }, meta));
    return { data: { ...present(value), key: value.key } };
  },
});

const revoke = endpoint({
  method: 'post',
  area: 'admin',
  path: '/service-keys/{id}/revoke',
  access: 'service-keys:write',
  operationId: 'adminRevokeServiceKey',
  summary: 'Revoke the key of a front end',
  description: 'Other processes obey within five seconds.',
  input: z.object({ id: z.string().regex(/^\d{1,18}$/) }),
  bodyOptional: true,
  data: z.object({ id: z.string() }),
  refusals: ['service_key_not_found'],
  example: { data: { id: '3' } },
  handle: async ({ id }, { admin, meta }) => {
    const { value, replayed } = accepted(await admin.serviceKeys.revoke({ id }, meta));
    return { data: value, replayed };
  },
});

export const serviceKeyEndpoints: readonly BoundEndpoint[] = [list, create, revoke];
