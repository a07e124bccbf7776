import { z } from 'zod';
import { DateTime } from 'luxon';
import type { BillingRow } from '../../../../projections/statistics/billing/rows.js';
import type { UserContext } from '../../../area-contexts.js';
import { endpoint, type FailureRow, ownAccount } from '../../../endpoint.js';
import { HttpFailure } from '../../../failure.js';
import { text } from '../../../fields.js';
import { unready } from '../../../usage/schema.js';
import { failureRows } from '../../audit/failures.js';
import { exampleExplained, isOf, presentExplained } from '../logs/explained.js';
import { explained } from '../logs/explained-schema.js';
import { billingRow, consumptionOf, exampleBillingRow, presentBillingRow } from './row.js';

const NOT_FOUND: FailureRow = [404, 'billing_not_found', '账单记录不存在'];

function notFound(): HttpFailure {
  const [status, code, zh] = NOT_FOUND;
  return new HttpFailure({ status, code, text: { zh, en: 'No such row' } });
}

const key = z.object({
  token_id: z.int(),
  token_name: z.string(),
  calls: z.int(),
  tokens: z.int(),
  quota: z.int().meta({ description: 'spent' }),
});

export const showBilling = endpoint({
  method: 'get',
  area: 'user',
  path: '/billing/{id}',
  access: 'person',
  operationId: 'showBilling',
  summary: 'Show what a row of the bill is made of',
  description:
    'Of a movement the lines that add up to it; of consumption what each key spent, and the filter that finds its calls at `/api/user/logs`.',
  input: z.object({ id: text(1, 220) }),
  data: z.object({
    row: billingRow,
    explanation: explained.nullable(),
    keys: z.array(key).nullable(),
    logs: z
      .object({ from: z.iso.date(), to: z.iso.date(), model: z.string() })
      .nullable()
      .meta({ description: 'as a query' }),
  }),
  refusals: [],
  failures: [NOT_FOUND, ...failureRows()],
  example: {
    data: { row: exampleBillingRow, explanation: exampleExplained, keys: null, logs: null },
  },
  handle: async ({ id }, context) => {
    const consumption = consumptionOf(id);
    if (consumption) return { data: await consumed(context, consumption) };
    if (/^\d{1,18}$/.test(id)) return { data: await moved(context, BigInt(id)) };
    throw notFound();
  },
});

async function consumed(context: UserContext, of: { readonly day: string; readonly model: string }) {
  const { reads } = ownAccount(context);
  const { day, model } = of;
  const [keys, page] = await Promise.all([
    reads.consumption(of),
    reads.billing({ type: 'consumption', from: day, to: day }, { limit: MOST_MODELS_A_DAY }),
  ]);
  if (!page) throw unready();
  const row = page.rows.find((each) => each.model === model);
  if (!keys || !row) throw notFound();
  return {
    row: present(context, row),
    explanation: null,
    keys: keys.map(({ tokenId, tokenName, calls, tokens, amount }) => ({
      token_id: tokenId,
      token_name: tokenName,
      calls,
      tokens,
      quota: -amount,
    })),
    logs: { from: day, to: day, model },
  };
}

const MOST_MODELS_A_DAY = 10_000;

async function moved(context: UserContext, position: bigint) {
  const { reads } = ownAccount(context);
  const entry = await reads.historyEntry(position);
  if (!entry || entry.model !== '') throw notFound();
  const day = ledgerDay(entry.at, context.settings.timezone);
  const after = { day, position: position + 1n };
  const page = await reads.billing({ from: day, to: day }, { after, limit: 1 });
  if (!page) throw unready();
  const [row] = page.rows;
  const { explanations } = await reads.explain(entry.reference);
  const found = explanations.find((each) => isOf(position, each));
  if (row?.position !== position || !found) throw notFound();
  return {
    row: present(context, row),
    explanation: presentExplained(found, position),
    keys: null,
    logs: null,
  };
}

const ledgerDay = (at: Date, zone: string): string =>
  DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');

const present = (context: UserContext, row: BillingRow) =>
  presentBillingRow(row, { ...context, timezone: context.settings.timezone });
