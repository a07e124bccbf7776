import { usdOfQuota } from '../../domain/money/quota.js';
import { csvLine } from '../../support/csv-text.js';
import type { StatementView } from '../../books/audit/statement.js';
import { table } from '../output.js';
import { topUpTable } from './credit-texts.js';
import { facts, ownerText } from './facts.js';

interface Line {
  readonly item: string;
  readonly count: number | null;
  readonly prompt_tokens: bigint | null;
  readonly completion_tokens: bigint | null;
  /** Signed: what it adds to the balance; the lines between opening and closing add up. */
  readonly quota: bigint;
  readonly usd: string;
}

const COLUMNS = ['item', 'count', 'prompt_tokens', 'completion_tokens', 'quota', 'usd'] as const;

function linesOf(statement: StatementView): readonly Line[] {
  const { credits, grants, refunds, consumption, adjustments } = statement;
  return [
    line('opening', statement.opening),
    line('credits', credits.quota, credits.count),
    line('grants', grants.quota, grants.count),
    line('refunds', -refunds.quota, refunds.count),
    ...consumption.by_model.map((model) => ({
      ...line(`consumption ${model.model}`, -model.quota, model.calls),
      prompt_tokens: model.prompt_tokens,
      completion_tokens: model.completion_tokens,
    })),
    line('adjustments', adjustments.quota, adjustments.count),
    line('closing', statement.closing),
  ];
}

const line = (item: string, quota: bigint, count: number | null = null): Line => ({
  item,
  count,
  prompt_tokens: null,
  completion_tokens: null,
  quota,
  usd: usdOfQuota(quota),
});

/** A month as a person reads it. */
export function reportStatement(statement: StatementView): string {
  const { failed_calls, complete } = statement;
  const head = facts([
    ['user', ownerText(statement)],
    ['month', `${statement.month} (${statement.timezone})${complete ? '' : ', not over yet'}`],
    ['from', statement.from],
    ['until', statement.until],
    ['position', statement.position],
  ]);
  const notes = failed_calls > 0 ? `\n${failed_calls} failed or refused calls cost nothing.` : '';
  const rows = linesOf(statement).map((each) => ({ ...each }));
  const { top_ups: topUps, count } = statement.credits;
  const beyond = count > topUps.length ? `\nand ${count - topUps.length} more` : '';
  const listed = topUps.length > 0 ? `\n\n${topUpTable(topUps)}${beyond}` : '';
  return `${head}\n\n${table(COLUMNS, rows)}\nopening + movements = closing: checked.${notes}${listed}`;
}

/** The same lines, with who and when on each. */
export function statementCsv(statement: StatementView): string {
  const { external_user_id, month } = statement;
  const rows = linesOf(statement).map((each) =>
    csvLine([external_user_id, month, ...COLUMNS.map((column) => each[column])]),
  );
  return csvLine(['external_user_id', 'month', ...COLUMNS]) + rows.join('');
}
