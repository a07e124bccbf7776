import { sourceOf, type UsageQuestion } from '../../../domain/usage/usage-question.js';

/** What there can be as many series of as there are accounts or keys. */
const columns = { user: 'account_id', key: 'token_id' } as const;
type Column = (typeof columns)[keyof typeof columns];

/** Rows of counted days, and of what came after them, by a key. */
type RowsOf = (table: 'accounts' | 'traffic', key: string, also?: string) => string;

/** By which column the days of all accounts are told apart; undefined for every other question. */
export function leadersColumn(question: UsageQuestion): Column | undefined {
  const { groupBy, filter } = question;
  if (groupBy !== 'user' && groupBy !== 'key') return undefined;
  const isOfAll = filter.accountId === undefined && filter.tokenId === undefined;
  return isOfAll && sourceOf(question) === 'accounts' ? columns[groupBy] : undefined;
}

const of = (measures: (name: string) => string): string =>
  ['quota', 'requests', 'prompt_tokens', 'completion_tokens']
    .map((name) => `${measures(name)} AS ${name}`)
    .join(', ');
const SUMS = of((name) => `sum(${name})`);

/**
 * First what each account or key came to, which is one number each; then the days of those few that get a series. What the others came to on a
 * day is what all together did, who are counted in few rows, less those.
 */
export function leadersSql(column: Column, rows: RowsOf): string {
  // The table is by account, and a key is of one.
  const ofAccounts = (also?: string) => rows('accounts', `r.account_id, r.${column}`, also);
  const isLeader = `r.account_id IN (SELECT account_id FROM leaders) AND r.${column} IN (SELECT key FROM leaders)`;
  return `
  sums AS MATERIALIZED (
    SELECT account_id, key, sum(quota) AS quota, sum(requests) AS requests FROM (${ofAccounts()}) rows GROUP BY account_id, key),
  leaders AS MATERIALIZED (
    SELECT account_id, key, row_number() OVER (ORDER BY quota DESC, requests DESC, key) AS rank
    FROM (SELECT * FROM sums ORDER BY quota DESC, requests DESC, key LIMIT $1) best),
  own AS MATERIALIZED (
    SELECT place, rank, key::text, ${SUMS}
    FROM (${ofAccounts(isLeader)}) rows JOIN leaders USING (account_id, key) GROUP BY place, rank, key),
  others AS MATERIALIZED (SELECT greatest(count(*) - $1, 0) AS number FROM sums),
  summed AS (
    SELECT * FROM own
    UNION ALL
    SELECT place, NULL, NULL, ${of((name) => `whole.${name} - coalesce(led.${name}, 0)`)}
    FROM (SELECT place, ${SUMS} FROM (${rows('traffic', 'NULL')}) rows GROUP BY place) whole
    LEFT JOIN (SELECT place, ${SUMS} FROM own GROUP BY place) led USING (place)
    WHERE (SELECT number FROM others) > 0)`;
}
