import { z } from 'zod';
import type { DoubtView } from '../../../../projections/doubt/query.js';
import type { AdminContext } from '../../../area-contexts.js';
import { accepted, type BoundEndpoint, endpoint, type FailureRow, projected } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { nextAfter, pageOf } from '../paging.js';
import { doubt, listInput, present, referenceInput, settleInput } from './schema.js';

const NOT_FOUND: FailureRow = [404, 'doubt_not_found', '没有待核实的扣费记录'];

const shown = {
  call_id: '0f0e8a3c-6a5f-4c0f-9d6e-1b3f3f6f1a01',
  request_id: 'req_01HZX',
  external_user_id: 'user_001',
  token_id: 1,
  model: 'gpt-4o',
  recorded_at: 1795219200,
  position: 4711,
  charged: { prompt_tokens: 12, completion_tokens: 30, quota: 165 },
  reported: 'prompt_tokens -5, completion_tokens 30',
  doubt: 'prompt_tokens is negative',
  settled: null,
};

async function existing({ readModels }: Pick<AdminContext, 'readModels'>, id: string): Promise<DoubtView> {
  const found = await readModels.doubt(id);
  if (!found) throw notFound();
  return found;
}

function notFound(): HttpFailure {
  const [status, code, zh] = NOT_FOUND;
  return new HttpFailure({ status, code, text: { zh, en: 'No charge in doubt has this id' } });
}

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/doubts',
  access: 'doubts:read',
  operationId: 'adminListDoubts',
  summary: 'List charges in doubt',
  description:
    'Calls whose reported usage could not be true and which were charged as counted here, the oldest first, page by page: what was reported beside what was charged.',
  input: listInput,
  data: z.object({ doubts: z.array(doubt), next_after: nextAfter }),
  refusals: [],
  example: { data: { doubts: [shown], next_after: null } },
  handle: async ({ state, external_user_id, model, after, limit }, { readModels }) => {
    const filter = { state, externalUserId: external_user_id, model, after: BigInt(after) };
    const read = (most: number) => readModels.doubts(filter, most);
    const { rows, next_after } = await pageOf(limit, ({ position }) => Number(position), read);
    return { data: { doubts: rows.map(present), next_after } };
  },
});

const view = endpoint({
  method: 'get',
  area: 'admin',
  path: '/doubts/{call_id}',
  access: 'doubts:read',
  operationId: 'adminShowDoubt',
  summary: 'Show a charge in doubt',
  description: 'By the id of the call, or of its request.',
  input: referenceInput,
  data: doubt,
  refusals: [],
  failures: [NOT_FOUND],
  example: { data: shown },
  handle: async ({ call_id }, context) => ({ data: present(await existing(context, call_id)) }),
});

const settle = endpoint({
  method: 'post',
  area: 'admin',
  path: '/doubts/{call_id}/settle',
  access: 'doubts:settle',
  freshProof: true,
  operationId: 'adminSettleDoubt',
  summary: 'Settle a charge in doubt',
  description:
    'Once for each call. Where `quota` is what was charged, the charge stands; else the balance is corrected by the difference, with an adjustment whose id names the call. What is taken is held first.',
  input: settleInput,
  data: doubt,
  refusals: [
    'account_not_found',
    'adjustment_conflict',
    'adjustment_exceeds_balance',
    'amount_invalid',
    'balance_ceiling',
  ],
  failures: [NOT_FOUND],
  example: {
    request: { quota: 165, reason: 'upstream counts twice; ours is right' },
    data: {
      ...shown,
      settled: {
        outcome: 'accepted',
        adjusted: 0,
        by: 'operator:ann',
        reason: 'upstream counts twice; ours is right',
        settled_at: 1795222800,
      },
    },
  },
  handle: async ({ call_id, quota, reason }, context) => {
    const { callId, externalUserId, quota: charged } = await existing(context, call_id);
    // Money is moved by the one id that is nobody's choice.
    if (callId !== call_id) throw notFound();
    const command = { callId, externalUserId, charged, quota: BigInt(quota), reason };
    const { position, replayed } = accepted(await context.commands.settleDoubt(command, context.meta));
    await projected(context, position);
    return { data: present(await existing(context, callId)), replayed };
  },
});

export const doubtEndpoints: readonly BoundEndpoint[] = [list, view, settle];
