import type { UseQueryResult } from '@tanstack/react-query';
import { Loaded, SkeletonLines } from '../parts/loaded.tsx';
import { useTexts } from '../texts.ts';
import { linesOf, type Measure, type Usage } from './series.ts';
import { UsageChart } from './usage-chart.tsx';
import { SeriesTable, UsageTotals } from './usage-totals.tsx';
import { usageTexts } from './usage.texts.ts';

interface UsageReportProps {
  readonly query: UseQueryResult<Usage>;
  readonly measure: Measure;
  /** By what the series are parted, in the words of the page. */
  readonly parted: string;
}

/** Totals, chart and table of one answer: they cannot differ. */
export function UsageReport({ query, measure, parted }: UsageReportProps) {
  const texts = useTexts(usageTexts);
  return (
    <Loaded
      query={query}
      skeleton={
        <section className="card">
          <SkeletonLines lines={9} />
        </section>
      }
    >
      {(usage) =>
        linesOf(usage, measure, texts.other).length === 0 ? (
          <section className="card">
            <div className="empty">
              <p>{texts.nothing}</p>
            </div>
          </section>
        ) : (
          <>
            <UsageTotals usage={usage} />
            <UsageChart usage={usage} measure={measure} />
            <SeriesTable usage={usage} name={parted} />
          </>
        )
      }
    </Loaded>
  );
}
