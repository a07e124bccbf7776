import { z } from 'zod';
import { instantOf } from '../../../../books/audit/moment.js';
import { grantDaysField, MOST_CODES } from '../../../../domain/code/events.js';
import { quotaOfUsd } from '../../../../domain/money/quota.js';
import type { CodeBatchView } from '../../../../projections/code/query.js';
import type { AdminContext } from '../../../area-contexts.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { accepted, type BoundEndpoint, endpoint, projected } from '../../../endpoint.js';
import { invalidRequest } from '../../../failure.js';
import { nameText } from '../../../fields.js';
import { refused } from '../../../refusals.js';
import { codeField } from '../../codes/schema.js';
import { NO_REFERENCE, NO_TIME, OVER_ALREADY } from '../grants/faults.js';
import { reason, signedUsd } from '../users/schema.js';
import { batchData, codeData, exampleBatch, exampleCode, presentBatch, presentCode } from './schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/codes',
  access: 'payments:read',
  operationId: 'adminListCodeBatches',
  summary: 'List batches of codes',
  description: 'Codes that give quota, by the batch that they were made in, the newest first.',
  input: z.object(cursorInput),
  data: z.object({ batches: z.array(batchData), ...cursorData }),
  refusals: [],
  example: { data: { batches: [exampleBatch], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, { readModels, now }) => {
    const { rows, page } = await cursorPage(
      input,
      ({ position }: CodeBatchView) => position,
      (some) => readModels.codeBatches(some),
      (most) => readModels.countCodeBatches(most),
    );
    return { data: { batches: rows.map((batch) => presentBatch(batch, now)), ...page } };
  },
});

const make = endpoint({
  method: 'post',
  area: 'admin',
  path: '/codes',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminMakeCodes',
  summary: 'Make codes that give quota',
  description:
    'Once for each `reference`. The codes are in this answer alone: nothing is kept but what they are found by. To whoever made them the same request is answered with the same codes for a day. Turned on by CODES.',
  input: z.object({
    name: nameText(1, 100).meta({ description: 'what its grants are given for' }),
    codes: z.int().min(1).max(MOST_CODES),
    amount_usd: signedUsd.meta({ description: 'what each of them gives' }),
    ends_at: nameText(1, 40).meta({
      description:
        "until when codes are taken: a day of the ledger's zone, which counts as a whole, or date and time in ISO 8601",
    }),
    grant_days: grantDaysField
      .meta({ description: 'what they give ends so many days after the code was used; absent: never' })
      .optional(),
    reference: nameText(1, 150)
      .meta({ description: 'the same again does nothing; absent: the Idempotency-Key' })
      .optional(),
  }),
  exactNumbers: ['amount_usd'],
  data: z.object({
    batch: batchData,
    codes: z.array(z.string()).nullable().meta({ description: 'null: they were told before' }),
  }),
  refusals: ['amount_invalid', 'code_batch_conflict', 'codes_off', 'idempotency_conflict'],
  example: {
    request: {
      ...{ name: 'spring fair', codes: 500, amount_usd: 5, ends_at: '2026-12-31', grant_days: 90 },
      reference: 'fair-1',
    },
    data: { batch: { ...exampleBatch, used: 0, voided: 0 }, codes: ['3FJ7K2M9QXV4T8ZR5NDCB6HW1A'] },
  },
  handle: async ({ name, codes, amount_usd, ends_at, grant_days: grantDays, reference }, context) => {
    const named = reference ?? context.meta.idempotencyKey;
    if (named === undefined) throw invalidRequest([NO_REFERENCE]);
    const endsAt = instantOf(ends_at, context.settings.timezone);
    if (!endsAt) throw invalidRequest([NO_TIME]);
    if (endsAt <= context.now) throw invalidRequest([OVER_ALREADY]);
    const terms = { reference: named, name, codes, quota: quotaOfUsd(amount_usd), endsAt, grantDays };
    const { value, position, replayed } = accepted(await context.commands.makeCodes(terms, context.meta));
    await projected(context, position);
    return { data: { batch: await shown(context, value.batchId), codes: value.codes ?? null }, replayed };
  },
});

const voidBatch = endpoint({
  method: 'post',
  area: 'admin',
  path: '/codes/{batch_id}/void',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminVoidCodeBatch',
  summary: 'Void a batch of codes',
  description: 'Those of its codes that were not used are worth nothing any more. What was used stays given.',
  input: z.object({ batch_id: z.uuid(), reason }),
  data: batchData,
  refusals: ['code_batch_not_found'],
  example: { request: { reason: 'the list got lost' }, data: { ...exampleBatch, status: 'void' } },
  handle: async ({ batch_id: batchId, reason: why }, context) => {
    const command = { batchId, reason: why };
    const { position, replayed } = accepted(await context.commands.voidCodeBatch(command, context.meta));
    await projected(context, position);
    return { data: await shown(context, batchId), replayed };
  },
});

const voidOne = endpoint({
  method: 'post',
  area: 'admin',
  path: '/codes/void',
  access: 'payments:write',
  freshProof: true,
  operationId: 'adminVoidCode',
  summary: 'Void a code',
  description: 'One that was used is a grant, and is taken back as that.',
  input: z.object({ code: codeField, reason }),
  data: batchData,
  refusals: ['code_malformed', 'code_unknown', 'code_used', 'code_batch_not_found'],
  example: { request: { code: '3FJ7K2M9QXV4T8ZR5NDCB6HW1A', reason: 'printed twice' }, data: exampleBatch },
  handle: async ({ code, reason: why }, context) => {
    const { value, position, replayed } = accepted(
      await context.commands.voidCode({ code, reason: why }, context.meta),
    );
    await projected(context, position);
    return { data: await shown(context, value.batchId), replayed };
  },
});

const lookUp = endpoint({
  method: 'post',
  area: 'admin',
  path: '/codes/look-up',
  access: 'payments:read',
  operationId: 'adminLookUpCode',
  summary: 'Show what became of a code',
  description: 'By the code itself, which is in the body so that no log of addresses has it.',
  input: z.object({ code: codeField }),
  data: codeData,
  refusals: ['code_malformed', 'code_unknown'],
  example: { request: { code: '3FJ7K2M9QXV4T8ZR5NDCB6HW1A' }, data: exampleCode },
  handle: async ({ code }, { admin, now }) => {
    const found = await admin.reads.code(code);
    if ('refusal' in found) throw refused({ code: found.refusal });
    return { data: presentCode(found, now) };
  },
});

async function shown({ readModels, now }: AdminContext, batchId: string) {
  const batch = await readModels.codeBatch(batchId);
  if (!batch) throw refused({ code: 'code_batch_not_found' });
  return presentBatch(batch, now);
}

// Fixed paths come before those with a batch in them.
export const codeEndpoints: readonly BoundEndpoint[] = [list, make, voidOne, lookUp, voidBatch];
