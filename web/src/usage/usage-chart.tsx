import type { ReactNode } from 'react';
import { csvText } from '../format/csv.ts';
import { download } from '../format/download.ts';
import { Icon } from '../parts/icon.tsx';
import { StackedChart } from '../parts/stacked-chart.tsx';
import { partTexts } from '../parts/parts.texts.ts';
import { Card } from '../parts/page-head.tsx';
import { Table } from '../parts/table.tsx';
import { useTexts } from '../texts.ts';
import {
  addUp,
  axisText,
  bucketText,
  type Line,
  linesOf,
  type Measure,
  type Usage,
  valueText,
} from './series.ts';
import { usageRows } from './usage-csv.ts';
import { usageTexts } from './usage.texts.ts';

interface UsageChartProps {
  readonly usage: Usage;
  readonly measure: Measure;
  /** Instead of what is measured. */
  readonly title?: string;
  /** Instead of the figures as CSV. */
  readonly aside?: ReactNode;
}

/** The chart of what was used, and the same figures as a table. */
export function UsageChart({ usage, measure, title: named, aside }: UsageChartProps) {
  const texts = useTexts(usageTexts);
  const { showAsTable } = useTexts(partTexts);
  const lines = linesOf(usage, measure, texts.other);
  const totals = usage.buckets.map((_bucket, index) =>
    addUp(lines.map(({ values }) => values[index] ?? null)),
  );
  const highest = Math.max(...totals.map((total) => total ?? 0));
  const labels = usage.buckets.map((bucket) => bucketText(bucket, usage.interval));
  const title = named ?? texts.chart[measure];
  const peak = usage.buckets[totals.indexOf(highest)] ?? '–';
  return (
    <Card title={title} foot={texts.days(usage.timezone)} aside={aside ?? <CsvButton usage={usage} />}>
      <div className="card-body">
        <figure className="stack">
          <StackedChart
            buckets={labels}
            lines={lines}
            summary={texts.summary(title, peak, valueText(highest, measure))}
            axis={(value) => axisText(value, measure)}
          />
          <details className="as-table">
            <summary>{showAsTable}</summary>
            <ChartTable usage={usage} lines={lines} totals={totals} measure={measure} />
          </details>
        </figure>
      </div>
    </Card>
  );
}

interface ChartTableProps {
  readonly usage: Usage;
  readonly lines: readonly Line[];
  readonly totals: readonly (number | null)[];
  readonly measure: Measure;
}

function ChartTable({ usage, lines, totals, measure }: ChartTableProps) {
  const texts = useTexts(usageTexts);
  const columns = [
    { name: texts.bucket[usage.interval] },
    ...lines.map(({ name }) => ({ name, isFigure: true })),
    { name: texts.total, isFigure: true },
  ];
  return (
    <Table label={`${texts.chart[measure]}, ${texts.bucket[usage.interval]}`} columns={columns}>
      {usage.buckets.map((bucket, index) => (
        <tr key={bucket}>
          <th scope="row">{bucket}</th>
          {lines.map(({ key, values }) => (
            <td className="figure" key={key}>
              {valueText(values[index] ?? null, measure)}
            </td>
          ))}
          <td className="figure">{valueText(totals[index] ?? null, measure)}</td>
        </tr>
      ))}
    </Table>
  );
}

function CsvButton({ usage }: { readonly usage: Usage }) {
  const texts = useTexts(usageTexts);
  return (
    <button
      className="button small"
      type="button"
      onClick={() => download('usage.csv', csvText(usageRows(usage)), 'text/csv')}
    >
      <Icon name="download" />
      {texts.csv}
    </button>
  );
}
