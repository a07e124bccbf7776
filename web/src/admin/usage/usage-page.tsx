import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { answer, api } from '../../api/client.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { useTexts } from '../../texts.ts';
import { UsageFilters } from '../../usage/usage-filters.tsx';
import { daysOf } from '../../usage/series.ts';
import { UsageReport } from '../../usage/usage-report.tsx';
import { usageTexts } from '../../usage/usage.texts.ts';
import { ADMIN_GROUPS } from './groups.ts';

const route = getRouteApi('/_admin/admin/usage');

/** What all users used. */
export function AdminUsagePage() {
  const texts = useTexts(usageTexts);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { from, to, interval = 'day', group_by = 'model', measure = 'usd' } = search;
  const query = useQuery({
    queryKey: ['admin', 'usage', from, to, interval, group_by],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/admin/usage', {
            params: { query: { interval, group_by, ...(from && { from }), ...(to && { to }) } },
            signal,
          }),
        )
      ).data,
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead title={texts.title} lead={texts.lead} />
      <section className="card">
        <UsageFilters
          search={search}
          shown={daysOf(query.data)}
          groups={ADMIN_GROUPS}
          onChange={(changed) => void navigate({ search: changed, replace: true })}
        />
      </section>
      <UsageReport query={query} measure={measure} parted={texts.groups[group_by]} />
    </>
  );
}
