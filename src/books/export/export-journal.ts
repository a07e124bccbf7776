import type pg from 'pg';
import type { Period } from '../../support/period.js';
import { openedRows } from '../../projections/runtime/opened-rows.js';
import type { OpenTexts } from '../../support/personal-data-vault.js';
import { AccountList } from './account-list.js';
import { journalHead, readEntries } from './entries.js';
import type { ExportScope, JournalFormat } from './format.js';
import { hledger } from './hledger.js';
import { csv, ndjson } from './lines.js';

export const journalFormats = { hledger, csv, ndjson } as const satisfies Record<string, JournalFormat>;

export interface ExportRequest {
  readonly format: JournalFormat;
  readonly period: Period;
  /** Whose days the entries are dated in. */
  readonly timezone: string;
  readonly openTexts: OpenTexts;
  /** Entries written so far. */
  readonly onProgress?: (entries: number) => void;
}

/**
 * The journal as text, piece by piece, in memory that does not depend on its length. Where the period cuts off its beginning,
 * one opening transaction carries what was on each account, so that balances at the end are those of the whole journal.
 */
export async function* exportJournal(
  pool: pg.Pool,
  { format, period, timezone, openTexts, onProgress }: ExportRequest,
): AsyncGenerator<string> {
  const scope: ExportScope = { period, timezone, head: await journalHead(pool) };
  yield format.begin(scope);
  const accounts = await AccountList.open(pool, period, scope.head);
  try {
    for await (const page of accounts.pages())
      yield page.map(({ account }) => format.account(account)).join('');
    yield* openings(accounts, format, scope);
  } finally {
    accounts.close();
  }
  let written = 0;
  for await (const page of readEntries(openedRows(pool, openTexts), period, scope.head)) {
    yield page.map((entry) => format.entry(entry, scope)).join('');
    onProgress?.((written += page.length));
  }
}

async function* openings(
  accounts: AccountList,
  format: JournalFormat,
  scope: ExportScope,
): AsyncGenerator<string> {
  let first = true;
  for await (const page of accounts.pages()) {
    for (const posting of page) {
      if (posting.amount === 0n) continue;
      yield format.opening(posting, scope, first);
      first = false;
    }
  }
  yield format.afterOpening();
}
