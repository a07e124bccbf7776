import { issueReceipt } from '../transparency/issue-receipt.js';
import { AuditRefused, BooksDisagree } from './audit/faults.js';
import { withCurrentSnapshot } from './audit/snapshot.js';
import { type BalanceProofParts, type BalanceQuestion, proveBalance } from './liability/balance-proofs.js';
import { findOwner, type HistoryRow, historyRowsOf } from './audit/tables.js';

/** Whose figure, and which of its events. */
export interface ReceiptQuestion {
  /** Of a call, a request, a payment, a refund or an adjustment. */
  readonly figure: string;
  /** Whose alone; default: anybody's. */
  readonly externalUserId?: string | undefined;
  /** Of a figure with several events, that at this position of the log; default: the newest. */
  readonly position?: bigint | undefined;
}

/** Hands out receipts. */
export interface Receipts {
  /**
   * @returns the text of a `.tlog-proof`
   * @throws AuditRefused `account_not_found`, `figure_not_found`, `not_signed_yet`, `receipts_off`; BooksDisagree where the log is not what was signed
   */
  of(question: ReceiptQuestion): Promise<string>;
  /**
   * @returns the text of a `.tlog-proof`: that a balance is in what was said to be owed
   * @throws as `of`, and AuditRefused `not_closed`
   */
  ofBalance(question: BalanceQuestion): Promise<string>;
}

interface ReceiptsOptions extends BalanceProofParts {
  /** Whether anything is signed here. */
  readonly isOn: boolean;
}

const WAIT_MS = 10_000;
/** Events of one figure: a charge is seldom corrected twice. */
const MAX_ROWS = 100;

export function createReceipts(options: ReceiptsOptions): Receipts {
  const { pool, store, leaves, isOn } = options;
  const insist = (): void => {
    if (!isOn) throw new AuditRefused('receipts_off', 'TRANSPARENCY is off: nothing is signed');
  };
  return {
    ofBalance: async (question) => {
      insist();
      return proveBalance(options, question);
    },
    of: async ({ figure, externalUserId, position }) => {
      insist();
      const rows = await withCurrentSnapshot(pool, store, WAIT_MS, async ({ tx }) => {
        const owner = externalUserId === undefined ? undefined : await findOwner(tx, externalUserId);
        return historyRowsOf(tx, [figure], MAX_ROWS, owner?.account_id);
      });
      const row = position === undefined ? rows.at(-1) : rows.find((each) => each.position === position);
      if (!row) throw new AuditRefused('figure_not_found', `no event of ${figure} is in the books`);
      return receiptFor(row);
    },
  };

  async function receiptFor(row: HistoryRow): Promise<string> {
    const { stream, revision, position } = row;
    const [event] = await store.readStream(stream, { from: revision, limit: 1 });
    const issued = event?.position === position ? await issueReceipt(pool, leaves, event) : undefined;
    if (issued?.kind === 'receipt') return issued.text;
    if (issued?.kind === 'not-signed-yet')
      throw new AuditRefused('not_signed_yet', 'a checkpoint is signed every ten seconds');
    const what = `the event at revision ${revision} of ${stream}, position ${position}`;
    throw new BooksDisagree([
      { what, recorded: 'what was signed', recomputed: 'something else, or nothing' },
    ]);
  }
}
