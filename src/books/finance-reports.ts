import type pg from 'pg';
import type { EventStore } from '../eventstore/event-store.js';
import { withCurrentSnapshot } from './audit/snapshot.js';
import { exportJournal, journalFormats } from './export/export-journal.js';
import type { OpenTexts } from '../support/personal-data-vault.js';
import { parsePeriod } from '../support/period.js';
import { prepareReconciliation, type ReconciliationRequest } from './reconcile/reconciliation.js';
import { reportShapes } from './reconcile/report-formats.js';

export interface ExportQuestion {
  readonly format: keyof typeof journalFormats;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface ReconciliationAnswer {
  readonly clean: boolean;
  readonly text: Iterable<string>;
}

/** The reports of finance for whoever is not at a terminal: byte for byte what the command writes. */
export interface FinanceReports {
  /** @throws RangeError that a person can read, AuditRefused `behind` or `not_ready` */
  export(question: ExportQuestion): Promise<AsyncIterable<string>>;
  /** @throws as `export`, and WrongFile */
  reconcile(request: ReconciliationRequest, shape: keyof typeof reportShapes): Promise<ReconciliationAnswer>;
}

export interface FinanceReportsOptions {
  readonly pool: pg.Pool;
  readonly openTexts: OpenTexts;
  readonly store: EventStore;
  /** IANA name: days begin in it. */
  readonly timezone: string;
  /** How long an answer waits for the read models to have what the log has; default 10,000. */
  readonly waitMs?: number;
}

export function createFinanceReports(options: FinanceReportsOptions): FinanceReports {
  const { pool, store, openTexts, timezone, waitMs = 10_000 } = options;
  const caughtUp = () => withCurrentSnapshot(pool, store, waitMs, () => Promise.resolve());
  return {
    export: async ({ format, from, to }) => {
      const period = parsePeriod(from, to, timezone);
      await caughtUp();
      return exportJournal(pool, { format: journalFormats[format], period, timezone, openTexts });
    },
    reconcile: async (request, shape) => {
      const reconcile = await prepareReconciliation(request, timezone);
      await caughtUp();
      const report = await reconcile({ store, pool });
      return { clean: report.isClean, text: reportShapes[shape](report) };
    },
  };
}
