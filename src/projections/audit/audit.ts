import type pg from 'pg';
import type { EventStore } from '../../eventstore/event-store.js';
import type { CachedBalance } from '../balance/cached-balance.js';
import { balanceAt, type BalanceView, type Moment } from './balance.js';
import { diffOf, type DiffView } from './diff.js';
import { explain, type ExplainView } from './explain/explain.js';
import { withSnapshot } from './snapshot.js';
import { statementOf, type StatementView } from './statement.js';

/**
 * What auditors ask. Reads only; every answer is of one snapshot of the read models, compared with what it can be compared with, and
 * its figures are explained from the events of the log. All methods reject with AuditRefused where a question has no answer, with
 * BooksDisagree where figures do not agree, and with EventStoreUnavailable or CacheUnavailable.
 */
export interface Audit {
  balance(externalUserId: string, moment: Moment): Promise<BalanceView>;
  /** @param id of a call, a request, a payment, a refund or an adjustment */
  explain(id: string): Promise<ExplainView>;
  /** @param month `2026-11`, in the ledger's time zone */
  statement(externalUserId: string, month: string): Promise<StatementView>;
  /** What changed after position `from` up to and including `to`. */
  diff(from: bigint, to: bigint, options: { readonly maxEvents: number }): Promise<DiffView>;
}

export interface AuditOptions {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  /** Only where this process can see it. */
  readonly cachedBalance: Pick<CachedBalance, 'view'> | undefined;
  /** IANA name: months begin in it. */
  readonly timeZone: string;
  readonly now: () => Date;
}

export function createAudit({ pool, store, cachedBalance, timeZone, now }: AuditOptions): Audit {
  return {
    balance: (externalUserId, moment) =>
      withSnapshot(pool, (snapshot) => balanceAt(snapshot, { store, cachedBalance }, externalUserId, moment)),
    explain: (id) => withSnapshot(pool, (snapshot) => explain(snapshot, store, id)),
    statement: (externalUserId, month) =>
      withSnapshot(pool, (snapshot) => statementOf(snapshot, timeZone, now(), externalUserId, month)),
    diff: (from, to, { maxEvents }) =>
      withSnapshot(pool, (snapshot) => diffOf(snapshot, store, from, to, maxEvents)),
  };
}
