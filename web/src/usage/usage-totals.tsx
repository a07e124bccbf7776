import { dateTime } from '../format/dates.ts';
import { count } from '../format/numbers.ts';
import { Money } from '../parts/money.tsx';
import { Card } from '../parts/page-head.tsx';
import { Table } from '../parts/table.tsx';
import { useTexts } from '../texts.ts';
import { addUp, restOf, type Usage } from './series.ts';
import { usageTexts } from './usage.texts.ts';

/** What it comes to, and how fresh that is. */
export function UsageTotals({ usage: { total } }: { readonly usage: Usage }) {
  const texts = useTexts(usageTexts);
  return (
    <dl className="stats">
      <div className="stat">
        <dt>{texts.spent}</dt>
        <dd>
          <Money usd={total.usd} />
        </dd>
        <dd className="stat-note">{texts.quota(count(total.quota))}</dd>
      </div>
      {(
        [
          [texts.requests, total.requests],
          [texts.tokensIn, total.prompt_tokens],
          [texts.tokensOut, total.completion_tokens],
        ] as const
      ).map(([name, figure]) => (
        <div className="stat" key={name}>
          <dt>{name}</dt>
          <dd>{count(figure)}</dd>
        </div>
      ))}
    </dl>
  );
}

const sumOf = (values: readonly (number | null)[]): number => addUp(values) ?? 0;

/** A row for each series, and their sum under the double rule. */
export function SeriesTable({ usage, name }: { readonly usage: Usage; readonly name: string }) {
  const texts = useTexts(usageTexts);
  const rows = [
    ...usage.series.map((each) => ({ ...each, id: each.key, name: each.label })),
    ...restOf(usage).map((rest) => ({ ...rest, id: ' other', name: `${texts.other} (${count(rest.keys)})` })),
  ];
  const columns = [
    { name },
    ...[texts.spent, texts.requests, texts.tokensIn, texts.tokensOut].map((each) => ({
      name: each,
      isFigure: true,
    })),
  ];
  const { total } = usage;
  return (
    <Card
      title={texts.totals}
      foot={`${texts.asOf(dateTime(usage.as_of, usage.timezone))} ${usage.timezone} · ${texts.position(count(BigInt(usage.position)))}`}
    >
      <Table
        label={texts.totals}
        columns={columns}
        foot={
          <tfoot>
            <tr>
              <th scope="row">{texts.total}</th>
              <td className="figure">
                <Money usd={total.usd} />
              </td>
              <td className="figure">{count(total.requests)}</td>
              <td className="figure">{count(total.prompt_tokens)}</td>
              <td className="figure">{count(total.completion_tokens)}</td>
            </tr>
          </tfoot>
        }
      >
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">{row.name}</th>
            <td className="figure">
              <Money quota={sumOf(row.quota)} />
            </td>
            <td className="figure">{count(sumOf(row.requests))}</td>
            <td className="figure">{count(sumOf(row.prompt_tokens))}</td>
            <td className="figure">{count(sumOf(row.completion_tokens))}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
