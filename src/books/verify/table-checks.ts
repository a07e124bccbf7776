import { type Queryable, schemaOf } from '../../projections/runtime/projection.js';
import { type Fields, type Finding } from './check.js';
import { compareTable } from './compare-table.js';
import type { Acts } from './fold/acts.js';
import type { Books } from './fold/books.js';
import { type Days, dayKey, trafficKey } from './fold/days.js';
import type { Directory } from './fold/directory.js';
import type { Doubts } from './fold/doubts.js';
import type { Orders } from './fold/orders.js';
import type { SentRefunds } from './fold/sent-refunds.js';

/** Balances, and what keys have used. */
export async function checkBalances(tx: Queryable, books: Books): Promise<readonly Finding[]> {
  const balances = new Map<string, Fields>();
  for (const [accountId, { balance, usedQuota, requests, position }] of books.accounts)
    balances.set(accountId, { balance, used_quota: usedQuota, total_requests: requests, position });
  const used = new Map<string, Fields>();
  for (const [tokenId, { usedQuota, calls, position }] of books.tokens)
    if (calls > 0) used.set(tokenId.toString(), { used_quota: usedQuota, position });
  return [
    await compareTable(tx, {
      name: 'balances',
      table: `${schemaOf('balance')}.balances`,
      keys: ['account_id'],
      expected: balances,
      accountOf: (accountId) => accountId,
    }),
    await compareTable(tx, {
      name: 'usage by key',
      table: `${schemaOf('balance')}.token_usage`,
      keys: ['token_id'],
      expected: used,
    }),
  ];
}

export function checkAccounts(tx: Queryable, { accounts }: Directory): Promise<Finding> {
  return compareTable(tx, {
    name: 'accounts',
    table: `${schemaOf('accounts')}.accounts`,
    keys: ['account_id'],
    expected: accounts,
    json: ['personal'],
    accountOf: (accountId) => accountId,
  });
}

export function checkTokens(tx: Queryable, { tokens }: Directory): Promise<Finding> {
  return compareTable(tx, {
    name: 'keys',
    table: `${schemaOf('tokens')}.tokens`,
    keys: ['token_id'],
    expected: tokens,
    json: ['limits'],
    accountOf: (tokenId) => tokens.get(tokenId)?.account_id?.toString() ?? null,
  });
}

export async function checkCatalogue(tx: Queryable, directory: Directory): Promise<readonly Finding[]> {
  const schema = schemaOf('catalogue');
  return [
    await compareTable(tx, {
      name: 'price lists',
      table: `${schema}.price_lists`,
      keys: ['version'],
      expected: directory.priceLists,
      json: ['prices', 'groups'],
    }),
    await compareTable(tx, {
      name: 'channels',
      table: `${schema}.channels`,
      keys: ['channel_id'],
      expected: directory.channels,
      json: ['settings', 'disabled'],
    }),
    await compareTable(tx, {
      name: 'settings',
      table: `${schemaOf('settings')}.settings`,
      keys: ['key'],
      expected: directory.settings,
      json: ['value'],
    }),
    await compareTable(tx, {
      name: 'operators',
      table: `${schemaOf('operators')}.operators`,
      keys: ['name'],
      expected: directory.operators,
    }),
  ];
}

export function checkDoubts(tx: Queryable, doubts: Doubts): Promise<Finding> {
  return compareTable(tx, {
    name: 'charges in doubt',
    table: `${schemaOf('doubts')}.doubts`,
    keys: ['call_id'],
    expected: doubts.rows,
  });
}

export async function checkOrders(tx: Queryable, orders: Orders): Promise<readonly Finding[]> {
  const schema = schemaOf('orders');
  return [
    await compareTable(tx, {
      name: 'orders',
      table: `${schema}.orders`,
      keys: ['order_id'],
      expected: orders.rows,
    }),
    await compareTable(tx, {
      name: 'money that fits no order',
      table: `${schema}.order_flags`,
      keys: ['flag_id'],
      expected: orders.flags,
    }),
  ];
}

export function checkSentRefunds(tx: Queryable, refunds: SentRefunds): Promise<Finding> {
  return compareTable(tx, {
    name: 'refunds at providers',
    table: `${schemaOf('sent-refunds')}.sent_refunds`,
    keys: ['refund_id'],
    expected: refunds.rows,
  });
}

export function checkActs(tx: Queryable, acts: Acts): Promise<Finding> {
  return compareTable(tx, {
    name: 'acts of operators',
    table: `${schemaOf('acts')}.acts`,
    keys: ['position'],
    expected: acts.rows,
  });
}

export async function checkStatistics(tx: Queryable, days: Days): Promise<readonly Finding[]> {
  const ofAccounts = await compareTable(tx, {
    name: 'statistics',
    table: `${schemaOf('statistics')}.daily_usage`,
    keys: ['account_id', 'day', 'type', 'model', 'token_id'],
    expected: days.rows,
    keyOf: ({ account_id, day, type, model, token_id }) =>
      dayKey(String(account_id), String(day), String(type), String(model), Number(token_id)),
    accountOf: (key) => key.slice(0, key.indexOf(' ')),
  });
  const ofAll = await compareTable(tx, {
    name: 'statistics of channels and groups',
    table: `${schemaOf('statistics')}.daily_traffic`,
    keys: ['day', 'type', 'model', 'channel_id', 'group_name'],
    expected: days.traffic,
    keyOf: ({ day, type, model, channel_id, group_name }) =>
      trafficKey(String(day), String(type), String(model), String(channel_id), String(group_name)),
  });
  return [ofAccounts, ofAll];
}
