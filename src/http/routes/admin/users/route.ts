import type { CommandResult } from '../../../../commands/handling/command.js';
import { quotaOfUsd } from '../../../../domain/money/quota.js';
import type { AccountRow } from '../../../../projections/account/view.js';
import type { AdminContext } from '../../../area-contexts.js';
import {
  accepted,
  type BoundEndpoint,
  endpoint,
  existingAccount,
  projected,
  signedIn,
} from '../../../endpoint.js';
import { invalidRequest } from '../../../failure.js';
import { usd } from '../../../present.js';
import { pageOf } from '../paging.js';
import { presentRow, presentUser } from './present.js';
import {
  adjustData,
  adjustInput,
  groupInput,
  reasonInput,
  referenceInput,
  searchData,
  searchInput,
  userData,
} from './schema.js';

const row = {
  user_id: 1,
  external_user_id: 'user_001',
  username: 'testuser',
  group: 'default',
  status: 'enabled',
  current_quota: 15000000,
  current_balance: 30,
  used_quota: 0,
  total_requests: 0,
  created_at: 1795219200,
};
const user = { ...row, login_type: 'email', aff_code: '', personal: null, keys: 1 };

const shown = async (context: AdminContext, externalUserId: string) => {
  const account = await existingAccount(context, externalUserId);
  const { length } = await context.readModels.tokens(account.accountId);
  return presentUser(account, length, signedIn(context).role);
};

const search = endpoint({
  method: 'get',
  area: 'admin',
  path: '/users',
  access: 'users:read',
  operationId: 'adminSearchUsers',
  summary: 'Search users',
  description: 'By their number, page by page. E-mail and telephone are sealed and cannot be searched.',
  input: searchInput,
  data: searchData,
  refusals: [],
  example: { data: { users: [row], next_after: null } },
  handle: async ({ q, group, status, after, limit }, { admin }) => {
    const page = await pageOf(
      limit,
      ({ userId }: AccountRow) => userId,
      (most) => admin.reads.searchAccounts({ text: q, group, status }, { after, limit: most }),
    );
    return { data: { users: page.rows.map(presentRow), next_after: page.next_after } };
  },
});

const view = endpoint({
  method: 'get',
  area: 'admin',
  path: '/users/{external_user_id}',
  access: 'users:read',
  operationId: 'adminShowUser',
  summary: 'Show a user',
  description: 'What is known of the person only to roles with `users:personal`.',
  input: referenceInput,
  data: userData,
  refusals: ['account_not_found'],
  example: { data: user },
  handle: async (input, context) => ({ data: await shown(context, input.external_user_id) }),
});

/** A command about a user that answers with the user as they are then. */
async function changed(
  context: AdminContext,
  externalUserId: string,
  command: Promise<CommandResult<unknown>>,
) {
  const { position, replayed } = accepted(await command);
  await projected(context, position);
  return { data: await shown(context, externalUserId), replayed };
}

const about = { method: 'post', area: 'admin', data: userData, example: { data: user } } as const;
const because = { request: { reason: 'chargeback' } };

const suspend = endpoint({
  ...about,
  path: '/users/{external_user_id}/suspend',
  access: 'users:write',
  operationId: 'adminSuspendUser',
  summary: 'Suspend a user',
  description: 'The keys are refused on every node before this answers; the money stays.',
  input: reasonInput,
  refusals: ['account_not_found', 'account_erased'],
  example: { ...because, data: { ...user, status: 'suspended' } },
  handle: ({ external_user_id: externalUserId, reason }, context) =>
    changed(
      context,
      externalUserId,
      context.commands.suspendAccount({ externalUserId, reason }, context.meta),
    ),
});

const reinstate = endpoint({
  ...about,
  path: '/users/{external_user_id}/reinstate',
  access: 'users:write',
  operationId: 'adminReinstateUser',
  summary: 'Reinstate a suspended user',
  description: 'The keys work again.',
  input: reasonInput,
  refusals: ['account_not_found', 'account_erased'],
  example: { request: { reason: 'cleared' }, data: user },
  handle: ({ external_user_id: externalUserId, reason }, context) =>
    changed(
      context,
      externalUserId,
      context.commands.reinstateAccount({ externalUserId, reason }, context.meta),
    ),
});

const group = endpoint({
  ...about,
  path: '/users/{external_user_id}/group',
  access: 'users:write',
  operationId: 'adminChangeUserGroup',
  summary: 'Put a user into another group',
  description: 'One of the price list in force.',
  input: groupInput,
  refusals: ['account_not_found', 'account_erased', 'group_not_found'],
  example: { request: { group: 'vip' }, data: { ...user, group: 'vip' } },
  handle: ({ external_user_id: externalUserId, group: wanted }, context) =>
    changed(
      context,
      externalUserId,
      context.commands.changeAccountGroup({ externalUserId, group: wanted }, context.meta),
    ),
});

const erase = endpoint({
  ...about,
  path: '/users/{external_user_id}/erase',
  access: 'users:erase',
  freshProof: true,
  operationId: 'adminEraseUser',
  summary: 'Erase what is known of a person',
  description: 'Destroys the key of their data. The money and its log stay. This cannot be taken back.',
  input: reasonInput,
  refusals: ['account_not_found'],
  example: { request: { reason: 'asked for it' }, data: { ...user, status: 'erased' } },
  handle: ({ external_user_id: externalUserId, reason }, context) =>
    changed(context, externalUserId, context.commands.eraseAccount({ externalUserId, reason }, context.meta)),
});

const adjust = endpoint({
  method: 'post',
  area: 'admin',
  path: '/users/{external_user_id}/adjust',
  access: 'users:adjust',
  freshProof: true,
  operationId: 'adminAdjustUser',
  summary: 'Correct a balance',
  description:
    'Once for each `adjustment_id`. What is taken is held first, so that no call spends it meanwhile; a balance that cannot carry it is left as it is. One that is larger than `ADJUST_ALONE_USD` is `pending` and moves nothing until another operator approves it.',
  input: adjustInput,
  exactNumbers: ['amount_usd'],
  data: adjustData,
  refusals: [
    'account_not_found',
    'adjustment_conflict',
    'adjustment_declined',
    'adjustment_exceeds_balance',
    'amount_invalid',
    'balance_ceiling',
    // The header may stand for the id.
    'idempotency_conflict',
  ],
  example: {
    request: { amount_usd: -0.5, reason: 'credited by mistake', adjustment_id: 'ticket-812' },
    data: {
      adjustment_id: 'ticket-812',
      external_user_id: 'user_001',
      quota: -250000,
      status: 'made',
      current_quota: 14750000,
      current_balance: 29.5,
    },
  },
  handle: async ({ external_user_id: externalUserId, amount_usd, reason, adjustment_id }, context) => {
    const adjustmentId = adjustment_id ?? context.meta.idempotencyKey;
    if (adjustmentId === undefined) throw invalidRequest([NO_ID]);
    const quota = quotaOfUsd(amount_usd);
    const command = { externalUserId, adjustmentId, quota, reason };
    const { position, replayed, value } = accepted(
      await context.commands.adjustBalance(command, context.meta),
    );
    await projected(context, position);
    const { balance } = await existingAccount(context, externalUserId);
    const status = value.isPending ? ('pending' as const) : ('made' as const);
    const data = { adjustment_id: adjustmentId, external_user_id: externalUserId, quota, status };
    return { data: { ...data, current_quota: balance, current_balance: usd(balance) }, replayed };
  },
});

const NO_ID = {
  field: 'adjustment_id',
  rule: 'required',
  text: { zh: '为必填项（或使用 Idempotency-Key）', en: 'is required, here or as the Idempotency-Key' },
} as const;

export const userEndpoints: readonly BoundEndpoint[] = [
  search,
  view,
  suspend,
  reinstate,
  group,
  adjust,
  erase,
];
