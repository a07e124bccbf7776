import { count } from '../../../format/numbers.ts';
import { Card } from '../../../parts/page-head.tsx';
import { Table } from '../../../parts/table.tsx';
import { useTexts } from '../../../texts.ts';
import type { Verification } from './outcome.ts';
import { verifyTexts } from './verify.texts.ts';

type Sum = NonNullable<Verification['sums']>[number];

/** All that moved, a line each: the last is that of the others. */
export function Sums({ sums }: { readonly sums: readonly Sum[] }) {
  const texts = useTexts(verifyTexts);
  const columns = texts.sumColumns.map((name, index) => ({ name, isFigure: index > 0 }));
  const total = sums.find(({ name }) => name === 'balance');
  return (
    <Card title={texts.sums} foot={texts.inQuota}>
      <Table
        label={texts.sums}
        columns={columns}
        foot={
          total && (
            <tfoot>
              <SumRow sum={total} />
            </tfoot>
          )
        }
      >
        {sums
          .filter((sum) => sum !== total)
          .map((sum) => (
            <SumRow key={sum.name} sum={sum} />
          ))}
      </Table>
    </Card>
  );
}

function SumRow({ sum: { name, events, tables } }: { readonly sum: Sum }) {
  const texts = useTexts(verifyTexts);
  const drift = BigInt(tables) - BigInt(events);
  return (
    <tr>
      <th scope="row">{texts.sumNames[name]}</th>
      <td className="figure">{count(BigInt(events))}</td>
      <td className="figure">{count(BigInt(tables))}</td>
      <td className={`figure${drift === 0n ? '' : ' verdict-bad'}`}>{count(drift)}</td>
    </tr>
  );
}
