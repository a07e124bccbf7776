import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client.ts';

interface UsageQuestion {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly interval: 'hour' | 'day';
  readonly group_by: 'model' | 'key' | 'none';
}

/** What one used, by time. */
export const usageQuery = ({ from, to, interval, group_by }: UsageQuestion) =>
  queryOptions({
    queryKey: ['usage', from, to, interval, group_by],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET('/api/user/usage', {
            params: { query: { interval, group_by, ...(from && { from }), ...(to && { to }) } },
            signal,
          }),
        )
      ).data,
    placeholderData: keepPreviousData,
  });
