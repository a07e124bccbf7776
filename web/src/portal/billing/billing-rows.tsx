import { Link } from '@tanstack/react-router';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { count } from '../../format/numbers.ts';
import { Money } from '../../parts/money.tsx';
import { ProofButton } from '../../parts/proof-button.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { useTexts } from '../../texts.ts';
import { receiptOf, useProofs } from '../proof/proof-queries.ts';
import type { BillingRow } from './billing-queries.ts';
import { billingTexts } from './billing.texts.ts';
import { SignedMoney } from './sums-receipt.tsx';

const STATE = 5;

export const useBillingColumns = (): readonly Column[] =>
  useTexts(billingTexts).columns.map((name, index) => ({ name, isFigure: index >= 2 && index < STATE }));

const marks = { pending: 'held', completed: 'credit', failed: 'refused', cancelled: 'off' } as const;

/** What moved the balance; each row leads to what it is made of, consumption to its calls too. */
export function BillingRows({
  label,
  rows,
}: {
  readonly label: string;
  readonly rows: readonly BillingRow[];
}) {
  const columns = useBillingColumns();
  return (
    <Table className="two-lines" label={label} columns={columns}>
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </Table>
  );
}

function Row({ row }: { readonly row: BillingRow }) {
  const texts = useTexts(billingTexts);
  const zone = useZone();
  const proofs = useProofs();
  const { day, model, status } = row;
  const time = model === null ? moment(row.created_at, zone) : day;
  const what = model ?? row.description;
  const isPayment = row.type === 'topup' || row.type === 'refund';
  return (
    <tr>
      <th scope="row" className="two">
        {status === 'completed' ? (
          <Link
            to="/portal/billing"
            search={(before: object) => ({ ...before, row: row.id })}
            aria-label={texts.open(what, time)}
          >
            <time>{time}</time>
          </Link>
        ) : (
          <Link to="/portal/topup/$id" params={{ id: row.id }} aria-label={texts.open(what, time)}>
            <time>{time}</time>
          </Link>
        )}
        <small className="only-narrow">{what}</small>
      </th>
      <td>{what}</td>
      <td className="figure on-line-1">
        {status === 'completed' ? (
          <SignedMoney quota={row.quota_amount} />
        ) : (
          <span className="muted">
            <Money quota={row.quota_amount} />
          </span>
        )}
      </td>
      <td className="figure">{row.balance_after === null ? '–' : <Money quota={row.balance_after} />}</td>
      <td className="figure">
        {model === null ? (
          '–'
        ) : (
          <Link
            to="/portal/logs"
            search={{ from: day, to: day, model }}
            aria-label={texts.callsOf(count(row.calls), model, day)}
          >
            {count(row.calls)}
          </Link>
        )}
      </td>
      <td className="on-line-2 last">
        <span className={`badge ${model === null ? marks[status] : ''}`}>
          {status === 'completed' ? texts.kinds[row.type] : texts.states[status]}
        </span>
        {proofs?.receipts && isPayment && status === 'completed' && (
          <ProofButton name={row.id} read={() => receiptOf(row.id)} of={`${what}, ${time}`} />
        )}
      </td>
    </tr>
  );
}
