import { Link } from '@tanstack/react-router';
import { Loaded, SkeletonLines } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts.ts';
import { UsageChart } from '../../usage/usage-chart.tsx';
import { useLatestUsage } from '../usage/latest-usage.ts';
import { homeTexts } from './home.texts.ts';

/** The last two weeks, by day and model. */
export function SpendingCard() {
  const texts = useTexts(homeTexts);
  const usage = useLatestUsage();
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
