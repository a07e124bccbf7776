import type { Moment } from '../../../books/audit/balance.js';
import { instantOf } from '../../../books/audit/moment.js';
import { endpoint, type BoundEndpoint } from '../../endpoint.js';
import { type FieldError, invalidRequest } from '../../failure.js';
import { examples } from './examples.js';
import { eventEndpoints } from './events.js';
import { explainData, explainInput } from './explain-schema.js';
import { historyEndpoints } from './history.js';
import { financeEndpoints } from './finance.js';
import { receiptEndpoints } from './receipts.js';
import { asked, failureRows } from './failures.js';
import { balanceData, balanceInput, diffData, diffInput, statementData, statementInput } from './schema.js';

/** A range is read event by event while the caller waits; longer ones are for the command. */
const MAX_DIFF_EVENTS = 100_000;

const question = { method: 'get', area: 'audit', access: 'audit', refusals: [] } as const;

const balanceEndpoint = endpoint({
  ...question,
  path: '/users/{external_user_id}/balance',
  operationId: 'auditBalance',
  summary: 'Show a balance, now or at any time or position',
  description:
    'By the journal. Of now with the open holds; `as_of` and `at_position` are included, and only one of them may be given. A day is its end.',
  input: balanceInput,
  data: balanceData,
  failures: failureRows('account_not_found', 'position_ahead'),
  example: { data: examples.balance },
  handle: async (input, { audit, settings }) =>
    asked(audit.balance(input.external_user_id, momentOf(input, settings.timezone))),
});

function momentOf(
  input: { readonly as_of?: string | undefined; readonly at_position?: bigint | undefined },
  timeZone: string,
): Moment {
  const { as_of, at_position } = input;
  if (as_of === undefined) return at_position === undefined ? 'now' : { position: at_position };
  const at = at_position === undefined ? instantOf(as_of, timeZone) : undefined;
  if (!at) throw invalidRequest([at_position === undefined ? NO_TIME : TWO_MOMENTS]);
  return { at };
}

const NO_TIME: FieldError = {
  field: 'as_of',
  rule: 'type',
  text: { zh: '应为 ISO 8601 日期或日期时间', en: 'must be an ISO 8601 day, or date and time' },
};
const TWO_MOMENTS: FieldError = {
  field: 'as_of',
  rule: 'type',
  text: { zh: '不能与 at_position 同时使用', en: 'excludes at_position' },
};

const statementEndpoint = endpoint({
  ...question,
  path: '/users/{external_user_id}/statement',
  operationId: 'auditStatement',
  summary: 'Show a month of a user',
  description:
    '`opening + credits + grants - refunds - consumption + adjustments = closing`, checked. The balances come from the journal, the movements from the history.',
  input: statementInput,
  data: statementData,
  failures: failureRows('account_not_found', 'month_invalid'),
  example: { data: examples.statement },
  handle: async ({ external_user_id, month }, { audit }) => asked(audit.statement(external_user_id, month)),
});

const explainEndpoint = endpoint({
  ...question,
  path: '/explain',
  operationId: 'auditExplain',
  summary: 'Explain a figure',
  description:
    'The chain behind a call (by its own id or its request id), a payment, a refund or an adjustment, computed again by the functions that charged it. A figure that does not come out again is not told: 500 `books_disagree`, with the difference.',
  input: explainInput,
  data: explainData,
  failures: failureRows('figure_not_found'),
  example: { data: examples.explain },
  handle: async ({ id }, { audit }) => asked(audit.explain(id)),
});

const diffEndpoint = endpoint({
  ...question,
  path: '/diff',
  operationId: 'auditDiff',
  summary: 'Show what changed between two positions, by account',
  description: `What happened after \`from\` up to and including \`to\`, at most ${MAX_DIFF_EVENTS} events.`,
  input: diffInput,
  data: diffData,
  failures: failureRows('position_ahead', 'range_invalid', 'range_too_large'),
  example: { data: examples.diff },
  handle: async ({ from, to }, { audit }) => asked(audit.diff(from, to, { maxEvents: MAX_DIFF_EVENTS })),
});

/** What auditors ask, read-only. */
export const auditEndpoints: readonly BoundEndpoint[] = [
  balanceEndpoint,
  statementEndpoint,
  explainEndpoint,
  diffEndpoint,
  ...historyEndpoints,
  ...eventEndpoints,
  ...receiptEndpoints,
  ...financeEndpoints,
];
