import type { EventStore } from '../../../eventstore/event-store.js';
import { AuditRefused } from '../faults.js';
import type { Snapshot } from '../snapshot.js';
import { type HistoryRow, historyRowsOf, type Owner, ownersOf } from '../tables.js';
import { type CallExplanation, explainCall } from './call.js';
import { explainGrant, type GrantExplanation } from './grant.js';
import {
  type AdjustmentExplanation,
  explainAdjustment,
  explainPayment,
  type PaymentExplanation,
} from './payment.js';

export type Explanation = CallExplanation | PaymentExplanation | AdjustmentExplanation | GrantExplanation;

export interface ExplainView {
  readonly id: string;
  /** Several where the id is not unique: a request id that a client repeated, a refund id of two payments. In log order. */
  readonly explanations: readonly Explanation[];
  /** There are more than are explained. */
  readonly more: boolean;
}

/** Figures explained at once. */
const MAX_FIGURES = 50;
/** A call has one charge, seldom a correction or a failure beside it. */
const MAX_ROWS = 10 * MAX_FIGURES;

/**
 * The chain behind a figure: a call by its own id or its request's, a payment, a refund, an adjustment, a grant. Figures are computed again from
 * what their events say, by the functions that made them. Ids are of whoever chose them: where an account is named, of what is its own.
 *
 * @throws AuditRefused `figure_not_found`; BooksDisagree when a recorded figure is not what comes out
 */
export async function explain(
  { tx, position }: Snapshot,
  store: EventStore,
  id: string,
  accountId?: string,
): Promise<ExplainView> {
  const found = await historyRowsOf(tx, [id], MAX_FIGURES + 1, accountId);
  if (found.length === 0)
    throw new AuditRefused('figure_not_found', `nothing up to position ${position} has the id ${id}`);
  const figures = new Map(found.map((row) => [keyOf(row), row]));
  const chosen = [...figures.values()].slice(0, MAX_FIGURES);
  // Corrections and what came before them do not name the request.
  const calls = chosen.filter(isOfCall).map(({ reference }) => reference);
  const rows = calls.length > 0 ? await historyRowsOf(tx, calls, MAX_ROWS, accountId) : [];
  const owners = await ownersOf(
    tx,
    chosen.map(({ account_id }) => account_id),
  );
  const explanations: Explanation[] = [];
  for (const row of chosen) {
    const parts = { tx, store, user: ownerOf(owners, row), until: position };
    if (row.type === 'topup' || row.type === 'refund') explanations.push(await explainPayment(parts, row));
    else if (row.type === 'grant') explanations.push(await explainGrant(parts, row));
    else if (!isOfCall(row)) explanations.push(await explainAdjustment(parts, row));
    else
      explanations.push(
        await explainCall(
          parts,
          rows.filter((each) => keyOf(each) === keyOf(row)),
        ),
      );
  }
  return { id, explanations, more: found.length > MAX_FIGURES };
}

/** Corrections of charges are rows of type `adjust` in a usage stream. */
const isOfCall = ({ type, stream }: HistoryRow): boolean =>
  type === 'consume' || type === 'error' || (type === 'adjust' && stream.startsWith('usage-'));

/** What of several rows is one figure. */
const keyOf = (row: HistoryRow): string =>
  isOfCall(row) ? `call ${row.reference}` : `${row.type} ${row.stream} ${row.reference}`;

function ownerOf(owners: ReadonlyMap<string, Owner>, { account_id }: HistoryRow): Owner {
  return owners.get(account_id) ?? { account_id, external_user_id: '', user_id: 0 };
}
