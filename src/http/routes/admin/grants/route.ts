import { z } from 'zod';
import { instantOf } from '../../../../books/audit/moment.js';
import { operatorGrantKinds } from '../../../../domain/grant/events.js';
import { quotaOfUsd } from '../../../../domain/money/quota.js';
import type { GrantView } from '../../../../projections/grant/query.js';
import type { AdminContext } from '../../../area-contexts.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { invalidRequest } from '../../../failure.js';
import { externalUserIdField, nameText } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { exampleGrant, grantData, presentGrant } from '../../grants/schema.js';
import { NO_REFERENCE, NO_TIME, OVER_ALREADY } from './faults.js';
import { reason, signedUsd } from '../users/schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/grants',
  access: 'payments:read',
  operationId: 'adminListGrants',
  summary: 'List grants',
  description: 'Quota that was given, the newest first. `open`: something of it is left.',
  input: z.object({
    external_user_id: externalUserIdField.optional(),
    state: z.enum(['open', 'over']).optional(),
    ...cursorInput,
  }),
  data: z.object({ grants: z.array(grantData), ...cursorData }),
  refusals: [],
  example: { data: { grants: [exampleGrant], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { readModels }) => {
    const filter = { externalUserId: input.external_user_id, state: input.state };
    const { rows, page } = await cursorPage(
      input,
      ({ position }: GrantView) => position,
      (some) => readModels.grants(filter, some),
      (most) => readModels.countGrants(filter, most),
    );
    return { data: { grants: rows.map(presentGrant), ...page } };
  },
});

const give = endpoint({
  method: 'post',
  area: 'admin',
  path: '/grants',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminGiveGrant',
  summary: 'Give a user quota that may end',
  description:
    'Once for each `reference`. It is burned before what was paid for, and of two grants the one that ends first. At its end what is left of it is taken, and nothing else; calls under way finish. Turned on by GRANTS.',
  input: z.object({
    external_user_id: externalUserIdField,
    amount_usd: signedUsd,
    kind: z.enum(operatorGrantKinds),
    ends_at: nameText(1, 40)
      .meta({
        description:
          "a day of the ledger's zone, which counts as a whole, or date and time in ISO 8601; absent: never",
      })
      .optional(),
    priority: z
      .int()
      .min(0)
      .max(1_000)
      .meta({ description: 'the lower burns first; default: 100' })
      .optional(),
    reason,
    reference: nameText(1, 150)
      .meta({ description: 'the same again does nothing; absent: the Idempotency-Key' })
      .optional(),
  }),
  exactNumbers: ['amount_usd'],
  data: grantData,
  refusals: [
    'account_not_found',
    'account_erased',
    'amount_invalid',
    'balance_ceiling',
    'grant_conflict',
    'grants_off',
    // The header may stand for the reference.
    'idempotency_conflict',
  ],
  example: {
    request: {
      external_user_id: 'user_001',
      amount_usd: 5,
      kind: 'promo',
      ends_at: '2026-12-31',
      reason: 'spring campaign',
      reference: 'spring-1',
    },
    data: exampleGrant,
  },
  handle: async ({ amount_usd, ends_at, reference, ...input }, context) => {
    const named = reference ?? context.meta.idempotencyKey;
    if (named === undefined) throw invalidRequest([NO_REFERENCE]);
    const endsAt = ends_at === undefined ? undefined : instantOf(ends_at, context.settings.timezone);
    if (ends_at !== undefined && !endsAt) throw invalidRequest([NO_TIME]);
    if (endsAt && endsAt <= context.now) throw invalidRequest([OVER_ALREADY]);
    const { external_user_id: externalUserId, kind, priority, reason: why } = input;
    const terms = { externalUserId, kind, priority, endsAt, reason: why };
    const command = { ...terms, source: `operator:${named}`, quota: quotaOfUsd(amount_usd) };
    const { value, position, replayed } = accepted(await context.commands.giveGrant(command, context.meta));
    await projected(context, position);
    return { data: await shown(context, value.grantId), replayed };
  },
});

const withdraw = endpoint({
  method: 'post',
  area: 'admin',
  path: '/grants/{grant_id}/withdraw',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminWithdrawGrant',
  summary: 'Take back what is left of a grant',
  description:
    'What was burned of it stays. Nothing burns it from here on; what is left is taken within moments. Where calls under way hold it, it is refused: ask again when they are over.',
  input: z.object({ grant_id: z.uuid(), reason }),
  data: grantData,
  refusals: ['grant_not_found', 'grant_over', 'grant_exceeds_balance'],
  example: { request: { reason: 'given by mistake' }, data: { ...exampleGrant, status: 'closed' } },
  handle: async ({ grant_id: grantId, reason: why }, context) => {
    const command = { grantId, why: 'withdrawn' as const, reason: why };
    const { position, replayed } = accepted(await context.commands.closeGrant(command, context.meta));
    await projected(context, position);
    return { data: await shown(context, grantId), replayed };
  },
});

async function shown({ readModels }: AdminContext, grantId: string) {
  const grant = await readModels.grant(grantId);
  if (!grant) throw refused({ code: 'grant_not_found' });
  return presentGrant(grant);
}

export const grantEndpoints: readonly BoundEndpoint[] = [list, give, withdraw];
