import { count } from '../../../format/numbers.ts';
import { Card } from '../../../parts/page-head.tsx';
import { Table } from '../../../parts/table.tsx';
import { useTexts } from '../../../texts.ts';
import type { Job } from './job-queries.ts';
import { jobsTexts } from './jobs.texts.ts';

interface Rebuilt {
  readonly projection: string;
  readonly equal: boolean | null;
  readonly swapped: boolean;
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly new_rows: number;
    readonly equal: boolean;
  }[];
}

/** What a rebuild found, table by table. */
export function RebuiltTables({ outcome }: { readonly outcome: NonNullable<Job['outcome']> }) {
  const texts = useTexts(jobsTexts);
  const projections = (outcome.projections ?? []) as readonly Rebuilt[];
  const columns = texts.tableColumns.map((name, index) => ({ name, isFigure: index === 1 || index === 2 }));
  return projections.map(({ projection, equal, swapped, tables }) => (
    <Card
      key={projection}
      title={projection}
      foot={swapped ? texts.swapped : texts.notSwapped}
      aside={
        <span className={`badge ${equal === null ? 'off' : equal ? 'credit' : 'refused'}`}>
          {equal === null ? texts.notCompared : equal ? texts.equal : texts.unlike}
        </span>
      }
    >
      <Table label={projection} columns={columns}>
        {tables.map((table) => (
          <tr key={table.table}>
            <th scope="row">{table.table}</th>
            <td className="figure">{count(table.rows)}</td>
            <td className="figure">{count(table.new_rows)}</td>
            <td>{table.equal ? texts.equal : texts.unlike}</td>
          </tr>
        ))}
      </Table>
    </Card>
  ));
}
