import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { UsageFilters } from '../../usage/usage-filters.tsx';
import { daysOf } from '../../usage/series.ts';
import { UsageReport } from '../../usage/usage-report.tsx';
import { usageTexts } from '../../usage/usage.texts.ts';
import { PORTAL_GROUPS } from './groups.ts';
import { usageQuery } from './usage-query.ts';

const route = getRouteApi('/_portal/_signed-in/portal/usage');

/** What one used oneself. */
export function UsagePage() {
  const texts = useTexts(usageTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { from, to, interval = 'day', measure = 'usd' } = search;
  const groupBy = search.group_by === 'key' || search.group_by === 'none' ? search.group_by : 'model';
  const usage = useQuery(usageQuery({ from, to, interval, group_by: groupBy }));
  return (
    <>
      <PageHead title={texts.title} lead={texts.ownLead} />
      <section className="card">
        <UsageFilters
          search={search}
          shown={daysOf(usage.data)}
          groups={PORTAL_GROUPS}
          onChange={(changed) => void navigate({ search: changed, replace: true })}
        />
      </section>
      <UsageReport query={usage} measure={measure} parted={texts.groups[groupBy]} />
    </>
  );
}
