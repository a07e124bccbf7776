import { z } from 'zod';
import { accepted, endpoint, ownAccount, projected } from '../../../endpoint.js';
import { groupOfOwnKey } from '../../../people/groups.js';
import { refused } from '../../../refusals.js';
import { DEFAULT_EXPIRY_DAYS } from '../../external/token/issue.js';
import { tokenTexts } from '../../external/token/present.js';
import { groupNotAllowed, suspendedRow } from '../failures.js';
import { presentIssued, presentKey } from './present.js';
import { changeInput, exampleIssued, exampleKey, issuedKey, keyData, keyReference } from './schema.js';

const ofKey = { area: 'user', path: '/keys/{id}', access: 'person' } as const;
const refusals = ['account_not_found', 'token_not_found', 'idempotency_conflict'] as const;
const reference = z.object(keyReference);

export const changeKey = endpoint({
  ...ofKey,
  method: 'patch',
  operationId: 'changeKey',
  summary: 'Change one of your access keys',
  description:
    'Absent fields keep their value; an empty list or text takes a limit away. In effect on every node before the answer is sent.',
  input: changeInput,
  data: keyData,
  messages: [tokenTexts.changed],
  refusals,
  failures: [suspendedRow, groupNotAllowed],
  example: {
    request: { name: 'laptop', state: 'disabled' },
    data: { ...exampleKey, state: 'disabled' },
  },
  handle: async (input, context) => {
    const { commands, reads } = ownAccount(context);
    const { quota_limit: quotaLimit, expires_in_days: days } = input;
    const result = accepted(
      await commands.changeToken(
        {
          tokenId: input.id,
          tokenName: input.name,
          enabled: input.state === undefined ? undefined : input.state === 'enabled',
          expiresInDays: days === undefined ? undefined : days || DEFAULT_EXPIRY_DAYS,
          quotaLimit: quotaLimit === undefined ? undefined : quotaLimit === '' ? null : BigInt(quotaLimit),
          models: input.models,
          allowIps: input.allow_ips,
          group: input.group === undefined ? undefined : groupOfOwnKey(await reads.account(), input.group),
        },
        context.meta,
      ),
    );
    await projected(context, result.position);
    const [account, key] = await Promise.all([reads.account(), reads.key(input.id)]);
    // A replay of a change whose key was deleted since.
    if (!key) throw refused({ code: 'token_not_found' });
    const data = presentKey(key, account, context.now);
    return { message: tokenTexts.changed, data, replayed: result.replayed };
  },
});

export const resetKey = endpoint({
  ...ofKey,
  method: 'post',
  path: '/keys/{id}/reset',
  operationId: 'resetKey',
  summary: 'Give one of your access keys another secret',
  description: 'The old one is dead on every node before the answer is sent; the new one is shown this once.',
  input: reference,
  bodyOptional: true,
  data: issuedKey,
  messages: [tokenTexts.reset],
  refusals: [...refusals, 'account_erased'],
  failures: [suspendedRow],
  example: { data: exampleIssued },
  handle: async ({ id }, context) => {
    const { commands } = ownAccount(context);
    const { value, position, replayed } = accepted(await commands.resetToken(id, context.meta));
    // As with a new one: nobody could show it again.
    await context.readModels.waitFor(position, context.settings.projectionWaitMs);
    return { message: tokenTexts.reset, data: presentIssued(value), replayed };
  },
});

export const deleteKey = endpoint({
  ...ofKey,
  method: 'delete',
  operationId: 'deleteKey',
  summary: 'Delete one of your access keys',
  description: 'It is dead on every node before the answer is sent. What it spent stays in your history.',
  input: reference,
  bodyOptional: true,
  data: z.object({ token_id: z.int() }),
  messages: [tokenTexts.deleted],
  refusals,
  failures: [suspendedRow],
  example: { data: { token_id: 1 } },
  handle: async ({ id }, context) => {
    const { commands } = ownAccount(context);
    const { position, replayed } = accepted(await commands.revokeToken(id, context.meta));
    await projected(context, position);
    return { message: tokenTexts.deleted, data: { token_id: id }, replayed };
  },
});
