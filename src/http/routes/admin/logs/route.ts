import { z } from 'zod';
import type { Explanation } from '../../../../books/audit/explain/explain.js';
import type { HistoryEntry } from '../../../../projections/usage/history-page.js';
import { cursorData, cursorInput, cursorPage } from '../../../cursor.js';
import { type BoundEndpoint, endpoint, existingAccount } from '../../../endpoint.js';
import { noSuchRow, rowNotFound } from '../../no-such-row.js';
import { externalUserIdField, text } from '../../../fields.js';
import { endOfDay, startOfDay } from '../../../ledger-days.js';
import { dayField } from '../../../usage/range.js';
import { examples } from '../../audit/examples.js';
import { explanation } from '../../audit/explain-schema.js';
import { asked, failureRows } from '../../audit/failures.js';
import { whole } from '../paging.js';
import { exampleRow, logRow, logTypes, presentRow } from './schema.js';

const list = endpoint({
  method: 'get',
  area: 'admin',
  path: '/logs',
  access: 'usage:read',
  operationId: 'adminListLogs',
  summary: 'List calls and movements of everybody',
  description: 'The newest first. Failed calls too, with the code that says why.',
  input: z.object({
    external_user_id: externalUserIdField.optional(),
    token_id: whole(1, Number.MAX_SAFE_INTEGER).meta({ type: 'integer' }).optional(),
    reference: text(1, 200)
      .meta({ description: 'the id of a call, its request, a payment, a refund or an adjustment' })
      .optional(),
    type: z.enum(logTypes).optional(),
    model: text(1, 200).optional(),
    channel_id: text(1, 64).optional(),
    group: text(1, 64).meta({ description: 'by which the price was chosen' }).optional(),
    from: dayField.meta({ description: "the first day, in the ledger's time zone" }).optional(),
    to: dayField.meta({ description: 'the last day, included' }).optional(),
    ...cursorInput,
  }),
  data: z.object({ logs: z.array(logRow), ...cursorData }),
  refusals: ['account_not_found'],
  example: { data: { logs: [exampleRow], next_cursor: null, total: 1, total_capped: false } },
  handle: async (input, context) => {
    const { admin, settings } = context;
    const { external_user_id, token_id, reference, type, model, channel_id, group } = input;
    const account =
      external_user_id === undefined ? undefined : await existingAccount(context, external_user_id);
    const filter = {
      accountId: account?.accountId,
      tokenId: token_id,
      reference,
      type,
      model,
      channelId: channel_id,
      group,
      from: startOfDay(input.from, settings.timezone),
      until: endOfDay(input.to, settings.timezone),
    };
    const { rows, page } = await cursorPage(
      input,
      ({ id }: HistoryEntry) => id,
      (some) => admin.reads.history(filter, some),
      (most) => admin.reads.countHistory(filter, most),
    );
    return { data: { logs: rows.map((row) => presentRow(row, settings.timezone)), ...page } };
  },
});

const view = endpoint({
  method: 'get',
  area: 'admin',
  path: '/logs/{id}',
  access: 'usage:read',
  operationId: 'adminShowLog',
  summary: 'Show a row of the history and what it is made of',
  description:
    'With the explanation of its call, payment or adjustment: computed again from what is recorded. A figure that does not come out again is not told: 500 `books_disagree`.',
  input: z.object({
    id: text(1, 18).meta({ description: 'its place in the log', pattern: '^\\d{1,18}$' }),
  }),
  data: z.object({ log: logRow, explanation }),
  refusals: [],
  failures: [noSuchRow, ...failureRows()],
  example: { data: { log: exampleRow, explanation: examples.explain.explanations[0] } },
  handle: async ({ id }, { admin, explain, settings }) => {
    const row = /^\d{1,18}$/.test(id) ? await admin.reads.historyEntry(BigInt(id)) : undefined;
    if (!row) throw rowNotFound();
    const { data } = await asked(explain(row.reference));
    // An id may be of several figures: the one that this row is part of.
    const found = data.explanations.find((each) => placesOf(each).includes(row.id));
    if (!found) throw rowNotFound();
    return { data: { log: presentRow(row, settings.timezone), explanation: found } };
  },
});

function placesOf(each: Explanation): readonly bigint[] {
  if (each.kind === 'call') return each.steps.map(({ position }) => position);
  if (each.kind === 'adjustment') return [each.position];
  if (each.kind === 'grant') return each.steps.map(({ position }) => position);
  return [each.credit, ...each.refunds].map(({ position }) => position);
}

export const logEndpoints: readonly BoundEndpoint[] = [list, view];
