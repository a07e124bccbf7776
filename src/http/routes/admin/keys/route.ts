import { z } from 'zod';
import type { KeyRow } from '../../../../projections/token/search.js';
import type { AdminContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { externalUserIdField, text } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { nextAfter, pageInput, pageOf, seconds } from '../paging.js';
import { reason } from '../users/schema.js';
import { hangUps } from './hang-ups.js';

const statuses = ['enabled', 'disabled', 'revoked'] as const;

const key = z.object({
  token_id: z.int(),
  name: z.string(),
  key: z.string().meta({ description: 'masked' }),
  status: z.enum(statuses),
  user_id: z.int(),
  external_user_id: z.string(),
  username: z.string(),
  expires_at: z.int().nullable().meta({ description: 'unix seconds; null: never' }),
  quota_limit: z.int().nullable(),
  used_quota: z.int(),
  models: z.array(z.string()),
  allow_ips: z.array(z.string()),
  group: z.string().nullable(),
  issued_at: z.int().meta({ description: 'unix seconds' }),
});
const shown = {
  token_id: 1,
  name: 'My API Token',
  key: 'sk-xxxx...xxxx',
  status: 'enabled',
  user_id: 1,
  external_user_id: 'user_001',
  username: 'testuser',
  expires_at: 1826755200,
  quota_limit: null,
  used_quota: 0,
  models: [],
  allow_ips: [],
  group: null,
  issued_at: 1795219200,
};

const present = (row: KeyRow) => ({
  token_id: row.tokenId,
  name: row.tokenName,
  key: row.keyMask,
  status: row.revoked ? 'revoked' : row.disabled ? 'disabled' : 'enabled',
  user_id: row.userId,
  external_user_id: row.externalUserId,
  username: row.username,
  expires_at: row.limits.expires_at,
  quota_limit: row.limits.quota_limit,
  used_quota: row.usedQuota,
  models: row.limits.models,
  allow_ips: row.limits.allow_ips,
  group: row.limits.group,
  issued_at: seconds(row.issuedAt),
});

const search = endpoint({
  method: 'get',
  area: 'admin',
  path: '/keys',
  access: 'keys:read',
  operationId: 'adminSearchKeys',
  summary: 'Search access keys',
  description: 'Of all users, by their number, page by page; revoked ones too.',
  input: z.object({
    q: text(1, 100).meta({ description: 'a part of the mask or of the name' }).optional(),
    external_user_id: externalUserIdField.optional(),
    status: z.enum(statuses).optional(),
    ...pageInput,
  }),
  data: z.object({ keys: z.array(key), next_after: nextAfter }),
  refusals: [],
  example: { data: { keys: [shown], next_after: null } },
  handle: async ({ q, external_user_id, status, after, limit }, { admin }) => {
    const filter = { text: q, externalUserId: external_user_id, status };
    const page = await pageOf(
      limit,
      ({ tokenId }: KeyRow) => tokenId,
      (most) => admin.reads.searchKeys(filter, { after, limit: most }),
    );
    return { data: { keys: page.rows.map(present), next_after: page.next_after } };
  },
});

const tokenId = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)
  .meta({ type: 'integer' });

async function found({ admin }: AdminContext, id: number): Promise<KeyRow> {
  const [row] = await admin.reads.searchKeys({ tokenId: id }, { after: 0, limit: 1 });
  if (!row) throw refused({ code: 'token_not_found' });
  return row;
}

/** What is done to one key: named by its number, whoever's it is. */
function switching(action: 'disable' | 'enable' | 'revoke', summary: string, description: string) {
  return endpoint({
    method: 'post',
    area: 'admin',
    path: `/keys/{token_id}/${action}`,
    access: 'keys:write',
    operationId: `admin${action[0]?.toUpperCase()}${action.slice(1)}Key`,
    summary,
    description,
    input: z.object({ token_id: tokenId, reason: reason.optional() }),
    bodyOptional: true,
    data: key,
    refusals: ['token_not_found'],
    example: { request: { reason: 'leaked' }, data: shown },
    handle: async ({ token_id: id, reason: why }, context) => {
      const { externalUserId } = await found(context, id);
      const { commands, meta } = context;
      const reference = { externalUserId, tokenId: id, reason: why };
      const { position, replayed } = accepted(
        action === 'revoke'
          ? await commands.revokeToken(reference, meta)
          : await commands.changeToken({ ...reference, enabled: action === 'enable' }, meta),
      );
      await projected(context, position);
      return { data: present(await found(context, id)), replayed };
    },
  });
}

const EVERYWHERE = 'On every node before this answers.';
export const keyEndpoints: readonly BoundEndpoint[] = [
  search,
  hangUps,
  switching('disable', 'Disable an access key', EVERYWHERE),
  switching('enable', 'Enable an access key', 'One that was disabled; a revoked key stays revoked.'),
  switching('revoke', 'Revoke an access key', `For ever. ${EVERYWHERE}`),
];
