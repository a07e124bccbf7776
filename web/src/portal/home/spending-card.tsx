import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useZone } from '../../api/status.ts';
import { moment } from '../../format/moment.ts';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts.ts';
import { UsageChart } from '../../usage/usage-chart.tsx';
import { usageQuery } from '../usage/usage-query.ts';
import { homeTexts } from './home.texts.ts';

const DAYS = 14;
const DAY_S = 86_400;
const LENGTH_OF_DAY = 'yyyy-mm-dd'.length;

/** The last two weeks, by days of the ledger. */
export function useDays(): { readonly from: string; readonly to: string } {
  const zone = useZone();
  const [now] = useState(() => Math.floor(Date.now() / 1000));
  const day = (at: number) => moment(at, zone).slice(0, LENGTH_OF_DAY);
  return { from: day(now - (DAYS - 1) * DAY_S), to: day(now) };
}

export const spendingQuery = (days: { readonly from: string; readonly to: string }) =>
  usageQuery({ ...days, interval: 'day', group_by: 'model' });

export function SpendingCard() {
  const texts = useTexts(homeTexts);
  const usage = useQuery(spendingQuery(useDays()));
  return (
    <Loaded
      query={usage}
      skeleton={
        <section className="card">
          <SkeletonLines lines={9} />
        </section>
      }
    >
      {(data) => (
        <UsageChart
          usage={data}
          measure="usd"
          title={texts.spending}
          aside={<Link to="/portal/usage">{texts.openUsage}</Link>}
        />
      )}
    </Loaded>
  );
}
