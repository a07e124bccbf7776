import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api } from '../../api/client.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { Card } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { linesOf } from '../../usage/series.ts';
import { UsageChart } from '../../usage/usage-chart.tsx';
import { Nothing } from '../parts/nothing.tsx';
import type { Days } from './overview-search.ts';
import { overviewTexts } from './overview.texts.ts';

interface SpendingProps {
  readonly days: Days;
  /** The first day, once it is known. */
  readonly from: string | undefined;
}

/** What was spent on which model: today by the hour, else by the day. */
export function Spending({ days, from }: SpendingProps) {
  const texts = useTexts(overviewTexts);
  const interval = days === 1 ? 'hour' : 'day';
  const usage = useQuery({
    queryKey: ['admin', 'usage', from, undefined, interval, 'model'],
    queryFn: async ({ signal }) => {
      const query = { interval, group_by: 'model' as const, ...(from !== undefined && { from }) } as const;
      return (await answer(api.GET('/api/admin/usage', { signal, params: { query } }))).data;
    },
    placeholderData: keepPreviousData,
    enabled: from !== undefined,
  });
  const title = texts.spendingBy[interval];
  return (
    <Loaded
      query={usage}
      skeleton={
        <section className="card">
          <SkeletonLines lines={9} />
        </section>
      }
    >
      {(data) =>
        linesOf(data, 'usd', '').length === 0 ? (
          <Card title={title}>
            <Nothing text={texts.nothingSpent} />
          </Card>
        ) : (
          <UsageChart
            usage={data}
            measure="usd"
            title={title}
            aside={<Link to="/admin/usage">{texts.openUsage}</Link>}
          />
        )
      }
    </Loaded>
  );
}
