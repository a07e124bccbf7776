import { z } from 'zod';
import { billingTypes, LATER, WITHIN } from '../../../../domain/usage/billing.js';
import { cursorInput } from '../../../cursor.js';
import { type BoundEndpoint, endpoint, ownAccount } from '../../../endpoint.js';
import { minPosition, positionNotReached } from '../../../freshness.js';
import { dayField } from '../../../usage/range.js';
import { notReady, unready } from '../../../usage/schema.js';
import { orderRows } from './orders.js';
import {
  billingCursor,
  billingRow,
  billingStatus,
  cursorOf,
  exampleBillingRow,
  presentBillingRow,
} from './row.js';
import { daysOf } from './range.js';
import { agreed, exampleSums, nothingMoved, presentSums, sums } from './sums.js';
import { showBilling } from './view.js';

const booksDisagree = [500, 'books_disagree', '账目不一致'] as const;

const list = endpoint({
  method: 'get',
  area: 'user',
  path: '/billing',
  access: 'person',
  operationId: 'listBilling',
  summary: 'List what moved your balance',
  description:
    'The newest day first: what its calls cost, by model, and then its top-ups, grants, refunds and adjustments. The amounts of all rows add up to the balance. Top-ups that are `pending`, `failed` or `cancelled` are orders (`/topups`): what they would credit moved nothing, and they are listed where that is asked for.',
  input: z.object({
    type: z.enum(billingTypes).optional(),
    status: billingStatus.optional().meta({ description: 'default: `completed`' }),
    from: dayField.meta({ description: "the first day, in the ledger's time zone" }).optional(),
    to: dayField.meta({ description: 'the last day, included' }).optional(),
    cursor: billingCursor,
    limit: cursorInput.limit,
    min_position: minPosition,
  }),
  data: z.object({
    billing: z.array(billingRow),
    next_cursor: z.string().nullable().meta({ description: 'null: there are no more' }),
    total: z.int().meta({ description: 'rows of the whole filter' }),
  }),
  refusals: [],
  failures: [notReady, positionNotReached],
  example: { data: { billing: [exampleBillingRow], next_cursor: null, total: 1 } },
  handle: async ({ cursor: after, limit, min_position: min, status, ...filter }, context) => {
    const { reads } = ownAccount(context);
    await reads.caughtUp(min);
    if (status !== undefined && status !== 'completed')
      return { data: await orderRows(context, { ...filter, status }, { after, limit }) };
    // One more than asked for says whether there are more.
    const found = await reads.billing(filter, { after, limit: limit + 1 });
    if (!found) throw unready();
    const rows = found.rows.slice(0, limit);
    const last = rows.at(-1);
    const told = { ...context, timezone: context.settings.timezone };
    return {
      data: {
        billing: rows.map((row) => presentBillingRow(row, told)),
        next_cursor: found.rows.length > limit && last ? cursorOf(last) : null,
        total: found.total,
      },
    };
  },
});

const stats = endpoint({
  method: 'get',
  area: 'user',
  path: '/billing/stats',
  access: 'person',
  operationId: 'showBillingStats',
  summary: 'Show how a balance became another one',
  description:
    '`opening + credited + granted - spent - refunded + adjusted = closing`, in days of the ledger. What all movements come to is compared with the balance: figures that disagree are not told.',
  input: z.object({
    from: dayField.meta({ description: 'the first day; default: of the month of the last one' }).optional(),
    to: dayField.meta({ description: 'the last day, included; default: today' }).optional(),
    min_position: minPosition,
  }),
  data: z
    .object({ timezone: z.string(), from: z.iso.date(), to: z.iso.date(), ...sums })
    .meta({ id: 'BillingStats' }),
  refusals: [],
  failures: [notReady, positionNotReached, booksDisagree],
  example: {
    data: { timezone: 'Asia/Shanghai', from: '2026-11-01', to: '2026-11-30', ...exampleSums },
  },
  handle: async ({ min_position: min, ...input }, context) => {
    const { reads } = ownAccount(context);
    const range = daysOf(input, context.now, context.settings.timezone);
    await reads.caughtUp(min);
    const { periods, timezone, balance } = agreed(await reads.billingRange(range));
    const within = periods.find(({ name }) => name === WITHIN);
    // Where nothing moved it is what it was when what came later began.
    const opening = periods.find(({ name }) => name === LATER)?.opening ?? balance;
    return { data: { timezone, ...range, ...presentSums(within ?? nothingMoved(opening)) } };
  },
});

export const billingEndpoints: readonly BoundEndpoint[] = [list, stats, showBilling];
