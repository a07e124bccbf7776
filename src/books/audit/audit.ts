import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import type { CachedBalance } from '../../balance/cached-balance.js';
import { opened } from '../../support/opened.js';
import type { OpenTexts } from '../../support/personal-data-vault.js';
import { balanceAt, type BalanceView, type Moment } from './balance.js';
import { type EventsOf, eventsOf, type EventsPage, type EventView } from './events.js';
import { checkRange, countEvents, diffOf, type DiffView } from './diff.js';
import { explain, type ExplainView } from './explain/explain.js';
import { withCurrentSnapshot, withSnapshot } from './snapshot.js';
import type { Snapshot } from './snapshot.js';
import { type Change, type HistoryKind, historyOf } from './history.js';
import { findOwner } from './tables.js';
import { statementOf, type StatementView } from './statement.js';

/**
 * What auditors ask. Reads only; every answer is of one snapshot of the read models, compared with what it can be compared with, and
 * its figures are explained from the events of the log. All methods reject with AuditRefused where a question has no answer, with
 * BooksDisagree where figures do not agree, and with EventStoreUnavailable or CacheUnavailable.
 */
export interface Audit {
  balance(externalUserId: string, moment: Moment): Promise<BalanceView>;
  /**
   * @param id of a call, a request, a payment, a refund or an adjustment
   * @param accountId whose alone; default: anybody's
   */
  explain(id: string, accountId?: string): Promise<ExplainView>;
  /** @param month `2026-11`, in the ledger's time zone */
  statement(externalUserId: string, month: string): Promise<StatementView>;
  /** Every change of a user (by external id), key, channel, setting, price list, operator or key of a front end, with before and after. */
  history(kind: HistoryKind, id: string): Promise<readonly Change[]>;
  /** Events of a stream or a user, the newest first. */
  events(of: EventsOf, page: EventsPage): Promise<readonly EventView[]>;
  /** What changed after position `from` up to and including `to`. */
  diff(from: bigint, to: bigint, options: { readonly maxEvents: number }): Promise<DiffView>;
}

export interface AuditOptions {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly openTexts: OpenTexts;
  /** Only where this process can see it. */
  readonly cachedBalance: Pick<CachedBalance, 'view'> | undefined;
  /** IANA name: months begin in it. */
  readonly timeZone: string;
  readonly now: () => Date;
  /** How long an answer waits for the read models to have what the log has; default 10,000. */
  readonly waitMs?: number;
}

export function createAudit(options: AuditOptions): Audit {
  const { pool, store, openTexts, cachedBalance, timeZone, now, waitMs = 10_000 } = options;
  // What people wrote is sealed in log and tables, and is opened in the answer as a whole.
  const current = async <Answer>(read: (snapshot: Snapshot) => Promise<Answer>) =>
    opened(openTexts, await withCurrentSnapshot(pool, store, waitMs, read));
  // Positions that are reached do not change.
  const past = async <Answer>(read: (snapshot: Snapshot) => Promise<Answer>) =>
    opened(openTexts, await withSnapshot(pool, read));
  return {
    balance: (externalUserId, moment) =>
      (moment !== 'now' && 'position' in moment ? past : current)((snapshot) =>
        balanceAt(snapshot, { store, cachedBalance }, externalUserId, moment),
      ),
    explain: (id, accountId) => current((snapshot) => explain(snapshot, store, id, accountId)),
    statement: (externalUserId, month) =>
      current((snapshot) => statementOf(snapshot, timeZone, now(), externalUserId, month)),
    history: async (kind, id) => {
      const owner = kind === 'user' ? await past(({ tx }) => findOwner(tx, id)) : undefined;
      return opened(openTexts, await historyOf(store, kind, owner?.account_id ?? id));
    },
    events: (of, page) => past((snapshot) => eventsOf(snapshot, store, of, page)),
    diff: async (from, to, { maxEvents }) => {
      const range = { from, to };
      await past((snapshot) => Promise.resolve(checkRange(snapshot, range)));
      const counted = await countEvents(store, range, maxEvents);
      return past((snapshot) => diffOf(snapshot, range, counted));
    },
  };
}
