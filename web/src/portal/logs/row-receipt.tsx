import { ProofButton } from '../../parts/proof-button.tsx';
import { receiptOf, useProofs } from '../proof/proof-queries.ts';
import type { LogRow } from './logs-queries.ts';

/** The signed receipt of a row, where such are written here: of others the event says more than people are told. */
export function RowReceipt({ row }: { readonly row: LogRow }) {
  if (!useProofs()?.receipts || (row.type !== 'topup' && row.type !== 'refund')) return null;
  return <ProofButton name={row.reference} read={() => receiptOf(row.id)} />;
}
