import { z } from 'zod';
import { type BoundEndpoint, endpoint, type FailureRow, ownAccount } from '../../../endpoint.js';
import { exported, exportsBusy } from '../../../exports-at-once.js';
import { HttpFailure } from '../../../failure.js';
import { text } from '../../../fields.js';
import { notReady } from '../../../usage/schema.js';
import type { UserContext } from '../../../area-contexts.js';
import { monthOf, monthsBetween } from '../billing/range.js';
import { agreed, exampleSums, nothingMoved, presentSums, sums } from '../billing/sums.js';
import { statementCsv } from './csv.js';

const CSV = 'text/csv; charset=utf-8';
const booksDisagree = [500, 'books_disagree', '账目不一致'] as const;
const NOT_FOUND: FailureRow = [404, 'statement_not_found', '没有该月的对账单'];

function notFound(): HttpFailure {
  const [status, code, zh] = NOT_FOUND;
  return new HttpFailure({ status, code, text: { zh, en: 'There is no statement of this month' } });
}

const statement = {
  month: z.string(),
  complete: z.boolean().meta({ description: 'false while the month is not over' }),
  ...sums,
};
const exampleStatement = { month: '2026-11', complete: false, ...exampleSums };

/** Each month since the account is there, the newest first, with what it began and ended with. */
async function months({ own, now }: UserContext) {
  const { reads } = ownAccount({ own });
  await reads.caughtUp();
  const [view, account] = [agreed(await reads.billingMonths()), await reads.account()];
  const listed = monthsBetween(account.createdAt, now, view.timezone);
  let balance = 0n;
  const found = [...listed].reverse().map((month, index) => {
    const period = view.periods.find(({ name }) => name === month);
    balance = period?.closing ?? balance;
    const complete = index < listed.length - 1;
    return { month, complete, ...presentSums(period ?? nothingMoved(balance)) };
  });
  return { statements: found.reverse(), timezone: view.timezone };
}

const list = endpoint({
  method: 'get',
  area: 'user',
  path: '/statements',
  access: 'person',
  operationId: 'listStatements',
  summary: 'List your months',
  description: 'The newest first: `opening + credited - spent - refunded + adjusted = closing`.',
  input: z.object({}),
  data: z.object({ timezone: z.string(), statements: z.array(z.object(statement)) }),
  refusals: ['account_not_found'],
  failures: [notReady, booksDisagree],
  example: { data: { timezone: 'Asia/Shanghai', statements: [exampleStatement] } },
  handle: async (_, context) => {
    const { statements, timezone } = await months(context);
    return { data: { timezone, statements } };
  },
});

const show = endpoint({
  method: 'get',
  area: 'user',
  path: '/statements/{month}',
  access: 'person',
  operationId: 'showStatement',
  summary: 'Show a month',
  description:
    'With what each model cost. As CSV all that moved the balance, for spreadsheets (with a byte order mark), between a line with the opening and one with the closing balance. Its rows are listed at `/api/user/billing` too.',
  input: z.object({
    month: text(1, 7).meta({ description: "in the ledger's time zone", examples: ['2026-11'] }),
    format: z.enum(['json', 'csv']).default('json').meta({ default: 'json' }),
  }),
  data: z
    .object({
      timezone: z.string(),
      ...statement,
      by_model: z.array(z.object({ model: z.string(), calls: z.int(), tokens: z.int(), quota: z.int() })),
    })
    .meta({ id: 'OwnStatement' }),
  answersText: [CSV],
  refusals: ['account_not_found'],
  failures: [NOT_FOUND, notReady, booksDisagree, exportsBusy],
  example: {
    data: {
      timezone: 'Asia/Shanghai',
      ...exampleStatement,
      by_model: [{ model: 'gpt-4o', calls: 120, tokens: 90000, quota: 375000 }],
    },
  },
  handle: async ({ month, format }, context) => {
    const range = monthOf(month);
    const { statements, timezone } = await months(context);
    const found = statements.find((each) => each.month === month);
    if (!range || !found) throw notFound();
    const { reads } = ownAccount(context);
    if (format === 'csv')
      return exported({
        mediaType: CSV,
        pieces: statementCsv(reads, range, found, { ...context, timezone }),
        headers: { 'Content-Disposition': `attachment; filename="statement-${month}.csv"` },
      });
    const models = await reads.billedModels(range);
    return {
      data: {
        timezone,
        ...found,
        by_model: models.map(({ model, calls, tokens, amount }) => ({
          model,
          calls,
          tokens,
          quota: -amount,
        })),
      },
    };
  },
});

export const statementEndpoints: readonly BoundEndpoint[] = [list, show];
