import { ProofButton } from '../../parts/proof-button.tsx';
import { receiptOf, useProofs } from '../proof/proof-queries.ts';
import type { LogRow } from './logs-queries.ts';

/** The signed receipt of a row, where such are written here. Nothing was charged by a call that failed. */
export function RowReceipt({ row }: { readonly row: LogRow }) {
  if (!useProofs()?.receipts || row.type === 'error') return null;
  return <ProofButton name={row.reference} read={() => receiptOf(row.id)} />;
}
