import type { AccountDiff, DiffView } from '../../books/audit/diff.js';
import { table } from '../output.js';
import { count } from './facts.js';

const COLUMNS = [
  'user',
  'before',
  'credits',
  'grants',
  'refunds',
  'consumption',
  'adjustments',
  'after',
  'calls',
  'failed',
  'other events',
];

/** What changed, by account, as a person reads it. Amounts in quota. */
export function reportDiff({ from, to, events, accounts, ledger }: DiffView): string {
  const head = `${count(events)} events after position ${from} up to ${to}, ${count(accounts.length)} accounts`;
  const parts = [head];
  if (accounts.length > 0) parts.push(table(COLUMNS, accounts.map(rowOf)));
  const rest = eventsText(ledger);
  if (rest) parts.push(`Of no account: ${rest}`);
  return parts.join('\n\n');
}

const rowOf = (account: AccountDiff) => ({
  user: account.external_user_id || account.account_id,
  before: account.before,
  credits: account.credits,
  grants: account.grants,
  refunds: -account.refunds,
  consumption: -account.consumption,
  adjustments: account.adjustments,
  after: account.after,
  calls: account.calls,
  failed: account.failed_calls,
  'other events': eventsText(account.events, /^(account|token|claim)-/),
});

function eventsText(counts: Readonly<Record<string, number>>, only = /^/): string {
  return Object.entries(counts)
    .filter(([type]) => only.test(type))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, amount]) => `${type.replace(/\.v\d+$/, '')} ${count(amount)}`)
    .join(', ');
}
