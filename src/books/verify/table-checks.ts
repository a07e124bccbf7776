import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { canonicalJson, type Fields, Finding } from './check.js';
import type { Books } from './fold/books.js';
import { dayKey, type Days } from './fold/days.js';
import type { Directory } from './fold/directory.js';
import { fieldsOf } from './page-checks.js';
import { streamRows } from './stream-rows.js';

type Row = Readonly<Record<string, unknown>>;

interface TableCheck {
  readonly name: string;
  readonly sql: string;
  readonly expected: Iterable<readonly [string, Fields]> & { get(key: string): Fields | undefined };
  /** Columns that hold jsonb. */
  readonly json?: readonly string[];
  keyOf(row: Row): string;
  /** The account that a row belongs to, where the row itself does not say. */
  accountOf?(key: string): string | null;
}

/** Compares a whole table with rows by key; rows of the fold that the table does not have are found at the end. */
async function compareTable(tx: Queryable, check: TableCheck): Promise<Finding> {
  const finding = new Finding(check.name);
  const seen = new Set<string>();
  const accountOf = (key: string, fields: Fields): string | null =>
    check.accountOf?.(key) ?? fields.account_id?.toString() ?? null;
  for await (const row of streamRows<Row>(tx, check.sql)) {
    const key = check.keyOf(row);
    const found = fieldsOf(withJsonText(row, check.json ?? []));
    seen.add(key);
    finding.compare(key, accountOf(key, found), check.expected.get(key), found);
  }
  for (const [key, fields] of check.expected) {
    if (!seen.has(key)) finding.compare(key, accountOf(key, fields), fields, undefined);
  }
  return finding;
}

function withJsonText(row: Row, columns: readonly string[]): Row {
  return { ...row, ...Object.fromEntries(columns.map((name) => [name, canonicalJson(row[name])] as const)) };
}

const column = (name: string) => (row: Row) => String(row[name]);

/** Balances, and what keys have used. */
export async function checkBalances(tx: Queryable, books: Books): Promise<readonly Finding[]> {
  const balances = new Map<string, Fields>();
  for (const [accountId, { balance, usedQuota, requests, position }] of books.accounts)
    balances.set(accountId, { balance, used_quota: usedQuota, total_requests: requests, position });
  const used = new Map<string, Fields>();
  for (const [tokenId, { usedQuota, calls }] of books.tokens)
    if (calls > 0) used.set(tokenId.toString(), { used_quota: usedQuota });
  return [
    await compareTable(tx, {
      name: 'balances',
      sql: `SELECT account_id, balance, used_quota, total_requests, position FROM ${schemaOf('balance')}.balances`,
      expected: balances,
      keyOf: column('account_id'),
      accountOf: (accountId) => accountId,
    }),
    await compareTable(tx, {
      name: 'usage by key',
      sql: `SELECT token_id, used_quota FROM ${schemaOf('balance')}.token_usage`,
      expected: used,
      keyOf: column('token_id'),
    }),
  ];
}

export function checkAccounts(tx: Queryable, { accounts }: Directory): Promise<Finding> {
  return compareTable(tx, {
    name: 'accounts',
    sql: `SELECT * FROM ${schemaOf('accounts')}.accounts`,
    expected: accounts,
    json: ['personal'],
    keyOf: column('account_id'),
    accountOf: (accountId) => accountId,
  });
}

export function checkTokens(tx: Queryable, { tokens }: Directory): Promise<Finding> {
  return compareTable(tx, {
    name: 'keys',
    sql: `SELECT * FROM ${schemaOf('tokens')}.tokens`,
    expected: tokens,
    json: ['limits'],
    keyOf: column('token_id'),
    accountOf: (tokenId) => tokens.get(tokenId)?.account_id?.toString() ?? null,
  });
}

export async function checkCatalogue(tx: Queryable, directory: Directory): Promise<readonly Finding[]> {
  const schema = schemaOf('catalogue');
  return [
    await compareTable(tx, {
      name: 'price lists',
      sql: `SELECT version, prices, groups FROM ${schema}.price_lists`,
      expected: directory.priceLists,
      json: ['prices', 'groups'],
      keyOf: column('version'),
    }),
    await compareTable(tx, {
      name: 'channels',
      sql: `SELECT channel_id, settings, enabled, disabled FROM ${schema}.channels`,
      expected: directory.channels,
      json: ['settings', 'disabled'],
      keyOf: column('channel_id'),
    }),
    await compareTable(tx, {
      name: 'settings',
      sql: `SELECT key, value, changed_by FROM ${schemaOf('settings')}.settings`,
      expected: directory.settings,
      json: ['value'],
      keyOf: column('key'),
    }),
    await compareTable(tx, {
      name: 'operators',
      sql: `SELECT name, role, enabled FROM ${schemaOf('operators')}.operators`,
      expected: directory.operators,
      keyOf: column('name'),
    }),
  ];
}

export function checkStatistics(tx: Queryable, days: Days): Promise<Finding> {
  return compareTable(tx, {
    name: 'statistics',
    sql: `SELECT account_id, day, type, model, token_id, log_rows, requests, failed, prompt_tokens, completion_tokens, quota
          FROM ${schemaOf('statistics')}.daily_usage`,
    expected: days.rows,
    keyOf: ({ account_id, day, type, model, token_id }) =>
      dayKey(String(account_id), String(day), String(type), String(model), Number(token_id)),
    accountOf: (key) => key.slice(0, key.indexOf(' ')),
  });
}
