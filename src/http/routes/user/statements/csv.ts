import { usdOfQuota } from '../../../../domain/money/quota.js';
import type { BillingPlace } from '../../../../projections/statistics/billing/rows.js';
import { BYTE_ORDER_MARK, csvLine } from '../../../../support/csv-text.js';
import type { DayRange, Own } from '../../../people/own.js';
import { unready } from '../../../usage/schema.js';
import { presentBillingRow, type Told } from '../billing/row.js';

const ROWS_A_PAGE = 1_000;

const columns = ['date', 'type', 'description', 'transaction_id', 'calls', 'quota', 'usd', 'balance_quota'];

interface Edges {
  readonly opening: { readonly quota: bigint };
  readonly closing: { readonly quota: bigint };
}

/** The newest first, as the list is. Amounts of the rows and the opening balance add up to the closing one. */
export async function* statementCsv(
  reads: Pick<Own, 'billing'>,
  range: DayRange,
  { opening, closing }: Edges,
  told: Told,
): AsyncGenerator<string> {
  const edge = (day: string, type: string, quota: bigint) =>
    csvLine([day, type, '', '', null, null, null, quota]);
  yield BYTE_ORDER_MARK + csvLine(columns) + edge(range.to, 'closing', closing.quota);
  for (let after: BillingPlace | undefined; ;) {
    const page = await reads.billing(range, { after, limit: ROWS_A_PAGE });
    if (!page) throw unready();
    for (const row of page.rows) {
      const { description } = presentBillingRow(row, told);
      const { day, type, reference, calls, amount, balanceAfter } = row;
      yield csvLine([day, type, description, reference, calls, amount, usdOfQuota(amount), balanceAfter]);
    }
    const last = page.rows.at(-1);
    if (page.rows.length < ROWS_A_PAGE || !last) break;
    after =
      last.position === null
        ? { day: last.day, model: last.model }
        : { day: last.day, position: last.position };
  }
  yield edge(range.from, 'opening', opening.quota);
}
